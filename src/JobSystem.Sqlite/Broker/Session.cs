using JobSystem.Sqlite.Channels;
using JobSystem.Sqlite.Neighbours;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// One transport's hold on the file, shared by its connections: the thread that writes, the connections, the
/// consumers, the neighbours.
/// Promises: works are carried out in the order they were added; when it ends, everything on it has ended before.
/// Ends: when its last connection is closed, or when the file fails it.
/// </summary>
#pragma warning disable CA1001 // what it owns ends with its thread
internal sealed class Session
#pragma warning restore CA1001
{
    private static readonly TimeSpan _longestTick = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _busyStep = TimeSpan.FromMilliseconds(1);

    private const int ShrinkPages = 4096;

    private readonly SqliteOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Inbox _inbox = new();
    private readonly Neighbourhood _neighbourhood;
    private readonly List<FileConnection> _connections = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _tickPeriod;
    private long _lastTick;
    private Writer? _writer;
    private TransportFailure? _lost;
    private volatile bool _isWoken;
    private volatile bool _isMissed;
    private volatile bool _mustStop;

    public Session(SqliteOptions options, TimeProvider clock, Random random, ILogger log)
    {
        (_options, _clock, _log) = (options, clock, log);
        _neighbourhood = new Neighbourhood(random, OnWoken, OnMissing, log);
        Membership = new Membership(_neighbourhood, OnMissing, clock, options.Lease, log);
        _tickPeriod = TimeSpan.FromTicks(Math.Min(_longestTick.Ticks, options.Lease.Ticks / 6));
    }

    /// <summary>The file is open. Fails with a <see cref="TransportException"/> that says why it cannot be.</summary>
    public Task Opened => _opened.Task;

    /// <summary>The file is closed, and everybody has been told.</summary>
    public Task Ended => _ended.Task;

    public Membership Membership { get; }

    /// <summary>On the writer's thread.</summary>
    public Consumers Consumers { get; } = new();

    public void Start() => new Thread(Run) { IsBackground = true, Name = "jobs-sqlite" }.Start();

    public void Add(Work work) => _inbox.Add(work);

    public Task<TFound> AskAsync<TFound>(Func<Round, TFound> question) => AskAsync(question, static found => found);

    public Task<TAnswer> AskAsync<TFound, TAnswer>(
        Func<Round, TFound> question, Func<TFound, TAnswer> committed)
    {
        var ask = new Ask<TFound, TAnswer>(question, committed);
        _inbox.Add(ask);
        return ask.Answer;
    }

    /// <summary>On the writer's thread.</summary>
    public void Attach(FileConnection connection) => _connections.Add(connection);

    /// <summary>On the writer's thread.</summary>
    public void Detach(FileConnection connection) => _connections.Remove(connection);

    /// <summary>Ends it behind what waits. Its connections have ended already.</summary>
    public void Stop()
    {
        _mustStop = true;
        _inbox.Wake();
    }

    /// <summary>Loses the file, as a failure of the disk does.</summary>
    public void Lose(TransportFailure failure)
    {
        _lost = failure;
        _inbox.Wake();
    }

    private void Run()
    {
        JobFile file;
        try
        {
            file = JobFile.Open(_options);
        }
        catch (TransportException error)
        {
            _inbox.Close(error.Failure);
            _opened.SetException(error);
            Finish();
            return;
        }

        _neighbourhood.MoveTo(file.Path);
        _writer = new Writer(file, _options, _inbox, Consumers, Membership, OnFenced, _clock, _log)
        {
            Wake = _neighbourhood.Wake,
        };
        _opened.SetResult();
        var failure = Work(file, _writer)
            ?? new TransportFailure(TransportFailureKind.Lost, "The connection is closed.");
        _inbox.Close(failure);
        _writer.AbandonAll(failure);
        file.Dispose();
        Finish();
        foreach (var connection in _connections.ToArray())
        {
            connection.Lose(failure);
        }

        _ended.TrySetResult();
    }

    private TransportFailure? Work(JobFile file, Writer writer)
    {
        try
        {
            while (_lost is null && !(_mustStop && _inbox.IsEmpty))
            {
                try
                {
                    LookAround(file, writer);
                    if (!writer.TryRunRound())
                    {
                        _inbox.Wait(Patience(writer));
                    }
                }
                catch (StorageException error) when (error.IsBusy)
                {
                    _isWoken = _isMissed = true; // another process repairs the log after a crash: look again
                    _inbox.Pause(_busyStep);
                }
            }

            if (_lost is null)
            {
                writer.Leave();
            }

            return _lost;
        }
        catch (StorageException error)
        {
            return error.AsFailure(_options.Path);
        }
        catch (TransportException error)
        {
            return error.Failure;
        }
#pragma warning disable CA1031 // a defect must not take the user's process down: the engine opens a new session
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.Defect(error, _options.Path);
            return new TransportFailure(TransportFailureKind.Refused, $"{error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>What neighbours have said since the last time, and a look of its own every so often.</summary>
    private void LookAround(JobFile file, Writer writer)
    {
        if (_isWoken)
        {
            _isWoken = false;
            writer.LookAll();
        }

        if (_isMissed && Membership.Process is { } process)
        {
            _isMissed = false;
            var others = file.Tables.Processes.All()
                .Where(other => other.Id != process && other.Machine.SharesKernelWith(Machine.This)).ToList();
            _ = BuryDeadAsync(others);
        }

        if (Membership.Process is not null && _clock.GetElapsedTime(_lastTick) >= _tickPeriod)
        {
            Tick(file, writer);
            _lastTick = _clock.GetTimestamp();
        }
    }

    private void Tick(JobFile file, Writer writer)
    {
        writer.CheckPlace();
        if (writer.LookForChanges())
        {
            writer.LookAll(); // somebody may not have been able to wake this process
        }
        else if (_inbox.IsEmpty)
        {
            file.Shrink(ShrinkPages);
        }
    }

    private TimeSpan Patience(Writer writer)
    {
        var patience = writer.Patience();
        return Membership.Process is not null && patience > _tickPeriod ? _tickPeriod : patience;
    }

    private async Task BuryDeadAsync(IReadOnlyList<ProcessRow> others)
    {
        var dead = await _neighbourhood.FindDeadAsync(others);
        if (dead.Count > 0)
        {
            _inbox.Add(new Ask<IReadOnlyList<ProcessRow>, int>(
                round =>
                {
                    foreach (var process in dead)
                    {
                        Membership.Bury(process.Id, "it has ended without closing the file", round);
                    }

                    return dead;
                },
                buried =>
                {
                    _neighbourhood.ClearAway(buried);
                    return buried.Count;
                }));
        }
    }

    private void OnWoken()
    {
        _isWoken = true;
        _inbox.Wake();
    }

    private void OnMissing()
    {
        _isMissed = true;
        _inbox.Wake();
    }

    private void OnFenced()
    {
        _log.Fenced();
        var failure = new TransportFailure(TransportFailureKind.Lost,
            "Others took this process for dead: it showed no sign of life for its lease.");
        foreach (var connection in _connections)
        {
            connection.LoseHolders(failure);
        }
    }

    private void Finish()
    {
        _neighbourhood.Close(hasLeft: Membership.Process is null);
        if (_writer is null)
        {
            _ended.TrySetResult();
        }
    }
}
