using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Fleets;

/// <summary>
/// A worker or producer of the fleet in its incarnations: a process that ends unexpectedly is replaced after a while,
/// until the member is closed; a producer that has enqueued all its jobs is not. Writes every beginning and end into
/// the controller's ledger.
/// </summary>
internal sealed class FleetMember(
    string name, bool isFinite, Func<string, FleetProcess> start, FleetMemberContext around) : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private int _lives;
    private int _failuresInARow;
    private volatile FleetProcess? _current;
    private volatile bool _isStopping;
    private Task _life = Task.CompletedTask;

    public FleetProcess? Current => _current;

    /// <summary>Completes when the member is closed, or its finite work is done.</summary>
    public Task Done => _life;

    /// <summary>Starts the first incarnation.</summary>
    public void Open() => _life = LiveAsync();

    /// <summary>Asks the process to end in order and waits. False: it did not, or not with everything accounted for.
    /// </summary>
    public async Task<bool> StopAsync()
    {
        var process = Close();
        await _closing.CancelAsync();
        if (process is null || process.Exited.IsCompleted)
        {
            return true; // what ended before was told then: a fault hit it, or it ended unexpectedly
        }

        process.Signal(Posix.SigTerm);
        try
        {
            var exitCode = await process.Exited.WaitAsync(_patience, around.Clock);

            // One that was only starting does not hear the signal yet, and has nothing in its hands; a fault may hit
            // one in the last moment.
            return exitCode == 0 || (exitCode == 128 + Posix.SigTerm && !await process.Ready)
                || (exitCode == 128 + Posix.SigKill && process.WasKilled);
        }
        catch (TimeoutException)
        {
            around.Note($"{process.Name} did not end within {_patience.TotalSeconds:0} s of SIGTERM and was killed.");
            process.Signal(Posix.SigKill);
            await process.Exited;
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var process = Close();
        await _closing.CancelAsync();
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        await _life;
        _closing.Dispose();
    }

    /// <summary>From here on nobody takes the place. Returns who has it.</summary>
    private FleetProcess? Close()
    {
        lock (_gate)
        {
            _isStopping = true;
            return _current;
        }
    }

    /// <summary>Null: the member is closed.</summary>
    private FleetProcess? Next()
    {
        lock (_gate)
        {
            return _isStopping ? null : _current = start($"{name}.{++_lives}");
        }
    }

    private async Task LiveAsync()
    {
        while (Next() is { } process)
        {
            var life = process.Name;
            var isReady = await process.Ready;
            Announce(life);
            if (isReady)
            {
                around.Ledger.Add(new HistoryEvent.WorkerStarted(life));
            }

            var exitCode = await process.Exited;
            if (process.WasAsked)
            {
                around.Ledger.Add(new HistoryEvent.EndExpected(life));
            }

            around.Ledger.Add(exitCode == 128 + Posix.SigKill
                ? new HistoryEvent.WorkerKilled(life)
                : new HistoryEvent.WorkerStopped(life, exitCode));
            if (_isStopping || (isFinite && exitCode == 0))
            {
                break;
            }

            await process.DisposeAsync();
            if (!MayGoOn(process, exitCode))
            {
                break;
            }

            await PauseAsync();
        }
    }

    /// <summary>A process that ends by itself again and again has a defect that no further life cures.</summary>
    private bool MayGoOn(FleetProcess process, int exitCode)
    {
        if (!process.WasAsked)
        {
            around.Note($"{process.Name} ended by itself with {exitCode}: {process.LastWords}");
        }

        if (exitCode is 0 or 128 + Posix.SigKill)
        {
            _failuresInARow = 0;
            return true;
        }

        if (++_failuresInARow < around.MaxFailures)
        {
            return true;
        }

        around.GiveUp($"{name} ended by itself {_failuresInARow} times in a row.");
        return false;
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(around.Respawn, around.Clock, _closing.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>From here on the judge misses its file if it is not there.</summary>
    private void Announce(string life)
    {
        if (File.Exists(Path.Combine(around.LedgerFolder, life + LedgerWriter.Extension)))
        {
            around.Ledger.Add(new HistoryEvent.LedgerOpened(life));
        }
    }
}

/// <summary>What all members of a fleet share.</summary>
/// <param name="Ledger">The controller's.</param>
/// <param name="LedgerFolder">Where the processes' own files are.</param>
/// <param name="Respawn">From a death to the next incarnation.</param>
/// <param name="MaxFailures">After so many unexpected ends in a row the run gives up.</param>
/// <param name="Note">Takes what a person should know.</param>
/// <param name="GiveUp">Told why the run cannot go on.</param>
/// <param name="Clock">For waiting.</param>
internal sealed record FleetMemberContext(
    LedgerWriter Ledger, string LedgerFolder, TimeSpan Respawn, int MaxFailures, Action<string> Note,
    Action<string> GiveUp, TimeProvider Clock);
