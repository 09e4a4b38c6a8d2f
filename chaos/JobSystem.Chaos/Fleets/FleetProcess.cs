using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Systems;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Fleets;

/// <summary>
/// One life of one process: started, listened to, signalled, waited for. It cannot outlive us: its standard input
/// ends with this process, and then it ends itself.
/// </summary>
internal sealed class FleetProcess : IFleetProcess, IAsyncDisposable
{
    private readonly Process _process;
    private readonly StderrTail _lastWords = new();
    private readonly ProcessLog? _log;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string> _onLine;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string?>> _crashes = new();
    private readonly Task _streams;
    private volatile bool _wasAsked;
    private volatile bool _wasKilled;
    private int _lastCrash;
    private bool _isDisposed;

    /// <param name="member">Its place.</param>
    /// <param name="name">Of this life.</param>
    /// <param name="start">How.</param>
    /// <param name="onLine">Gets each line of standard output, from any thread.</param>
    /// <param name="log">Gets standard error; ours from here on.</param>
    public FleetProcess(
        string member, string name, ProcessStartInfo start, Action<string> onLine, ProcessLog? log = null)
    {
        (Member, Name, _onLine, _log) = (member, name, onLine, log);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} could not be started.");
        Pid = _process.Id;
        Birth = ProcessBirth.Of(Pid) ?? 0;
        _streams = Task.WhenAll(
            LineRelay.RunAsync(_process.StandardOutput.BaseStream, Hear),
            LineRelay.RunAsync(_process.StandardError.BaseStream, Keep));
        Exited = WaitAsync();
    }

    public string Name { get; }

    public string Member { get; }

    public int Pid { get; }

    public long Birth { get; }

    public Task<int> Exited { get; }

    /// <summary>Completes with true when it takes part; with false when it ended before.</summary>
    public Task<bool> Ready => _ready.Task;

    public bool IsReady => Ready is { IsCompletedSuccessfully: true, Result: true } && !Exited.IsCompleted;

    /// <summary>It was told to end, by a signal of ours or by a failpoint.</summary>
    public bool WasAsked => _wasAsked || _wasKilled;

    /// <summary>It was killed on purpose, by a signal of ours or by a failpoint.</summary>
    public bool WasKilled => _wasKilled;

    /// <summary>The end of what it wrote to standard error.</summary>
    public string LastWords
    {
        get
        {
            lock (_gate)
            {
                return _lastWords.ToString();
            }
        }
    }

    public void Signal(int signal)
    {
        if (!Exited.IsCompleted && ProcessBirth.Of(Pid) == Birth)
        {
            _wasAsked |= signal == Posix.SigTerm;
            _wasKilled |= signal == Posix.SigKill;
            Posix.Signal(Pid, signal);
        }
    }

    public async Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastCrash);
        var crashed = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _crashes[number] = crashed;
        try
        {
            await SendAsync(ActorCrashes.CrashLine(number, kind));
            await Task.WhenAny(crashed.Task, Exited).WaitAsync(cancellationToken);
            return crashed.Task.IsCompleted ? await crashed.Task : null;
        }
        catch (OperationCanceledException)
        {
            await SendAsync(ActorCrashes.SpareLine(number));
            throw;
        }
        finally
        {
            _crashes.TryRemove(number, out _);
        }
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task SendAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // it has gone
        }
    }

    /// <summary>Kills it if it lives; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }

        await Exited;
        await _process.StandardInput.BaseStream.DisposeAsync();
        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        await _streams;
        _log?.Dispose();
        _ready.TrySetResult(false);
        return _process.ExitCode;
    }

    private void Hear(ReadOnlySpan<byte> lines)
    {
        foreach (var line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "ready")
            {
                _ready.TrySetResult(true);
            }

            _wasKilled |= line == FailpointSet.KillLine;
            if (ActorCrashes.TryRead(line, out var number, out var crash)
                && _crashes.TryGetValue(number, out var crashed))
            {
                crashed.TrySetResult(crash);
            }

            _onLine(line);
        }
    }

    private void Keep(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            _lastWords.Add(lines);
        }

        _log?.Add(lines);
    }
}
