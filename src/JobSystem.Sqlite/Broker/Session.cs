using JobSystem.Sqlite.Peers;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// One transport's hold on the file, shared by its connections: the thread that writes, the connections, the
/// consumers, the other processes.
/// Promises: operations are carried out in the order they were added; when it ends, everything on it has ended before.
/// Ends: when its last connection is closed, or when the file fails it.
/// </summary>
internal sealed class Session(SqliteOptions options, TimeProvider clock, Random random, ILogger log)
{
    private static readonly TimeSpan _busyStep = TimeSpan.FromMilliseconds(1);

    private readonly Inbox _inbox = new();
    private readonly List<ISessionUser> _connections = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TransportFailure? _lost;
    private volatile bool _mustStop;

    /// <summary>The file is open. Fails with a <see cref="TransportException"/> that says why it cannot be.</summary>
    public Task Opened => _opened.Task;

    /// <summary>The file is closed, and everybody has been told.</summary>
    public Task Ended => _ended.Task;

    /// <summary>On the writer's thread, since the file is open.</summary>
    public Membership Membership { get; private set; } = null!;

    /// <summary>On the writer's thread.</summary>
    public Consumers Consumers { get; } = new();

    public void Start() => new Thread(Run) { IsBackground = true, Name = "jobs-sqlite" }.Start();

    public void Add(Operation operation) => _inbox.Add(operation);

    public Task<TFound> QueryAsync<TFound>(Func<Batch, TFound> question) => QueryAsync(question, static found => found);

    public Task<TAnswer> QueryAsync<TFound, TAnswer>(
        Func<Batch, TFound> question, Func<TFound, TAnswer> committed)
    {
        var query = new Query<TFound, TAnswer>(question, committed);
        _inbox.Add(query);
        return query.Answer;
    }

    /// <summary>On the writer's thread.</summary>
    public void Attach(ISessionUser connection) => _connections.Add(connection);

    /// <summary>On the writer's thread.</summary>
    public void Detach(ISessionUser connection) => _connections.Remove(connection);

    /// <summary>A listener threw. From any thread.</summary>
    public void Report(Exception thrown) => log.ListenerThrew(thrown, options.Path);

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
            file = JobFile.Open(options);
        }
        catch (TransportException error)
        {
            _inbox.Close(error.Failure);
            _ended.SetResult();
            _opened.SetException(error);
            return;
        }

        var watch = new Watch(file, _inbox, options.Lease, clock);
        var peers = new PeerNetwork(
            new SocketFolder(file.Path, random), watch.OnWoken, watch.OnMissing, log);
        Membership = new Membership(peers, watch.OnMissing, clock, options.Lease, log);
        var writer = new Writer(file, options, _inbox, Consumers, Membership, OnFenced, clock, log)
        {
            Wake = peers.Wake,
        };
        _opened.SetResult();
        var failure = RunBatches(writer, () => watch.LookAround(writer, Membership, peers));
        _inbox.Close(failure);
        writer.AbandonAll(failure);
        file.Dispose();
        peers.Close(hasLeft: Membership.Process is null);
        foreach (var connection in _connections.ToArray())
        {
            connection.Lose(failure);
        }

        _ended.SetResult();
    }

    /// <summary>Runs batch after batch until the end. Returns why it has ended.</summary>
    private TransportFailure RunBatches(Writer writer, Func<TimeSpan> lookAround)
    {
        try
        {
            while (_lost is null && !(_mustStop && _inbox.IsEmpty))
            {
                try
                {
                    var untilNextLook = lookAround();
                    if (!writer.TryRunBatch())
                    {
                        var patience = writer.Patience();
                        _inbox.Wait(patience < untilNextLook ? patience : untilNextLook);
                    }
                }
                catch (StorageException error) when (error.IsBusy)
                {
                    Task.Delay(_busyStep, clock).Wait(); // another process repairs the log after a crash
                }
            }

            if (_lost is null)
            {
                writer.Leave();
            }

            return _lost ?? new TransportFailure(TransportFailureKind.Lost, "The connection is closed.");
        }
        catch (StorageException error)
        {
            return error.AsFailure(options.Path);
        }
        catch (TransportException error)
        {
            return error.Failure;
        }
#pragma warning disable CA1031 // a defect must not take the user's process down: the engine opens a new session
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.Defect(error, options.Path);
            return new TransportFailure(TransportFailureKind.Refused, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private void OnFenced()
    {
        log.Fenced();
        var failure = new TransportFailure(TransportFailureKind.Lost,
            "Others took this process for dead: it showed no sign of life for its lease.");
        foreach (var connection in _connections)
        {
            connection.LoseHolders(failure);
        }
    }
}
