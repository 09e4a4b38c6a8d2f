using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.Transports;

namespace JobSystem;

/// <summary>
/// One process of the job system: the root of the actor tree, from its start to its orderly end. Made by
/// <see cref="JobSystemBuilder.Start"/>, or by the host through <c>AddJobSystem</c>. It starts without its broker,
/// too: then it waits for it.
/// The tree, with the reason for each supervision strategy, is drawn in ARCHITECTURE.md.
/// </summary>
public sealed class JobServer : IAsyncDisposable
{
    internal const string ConsumeRole = "consume";
    internal const string PublishRole = "publish";

    private readonly ActorSystem _system;
    private readonly Engine _engine;
    private readonly ActorRef<MonitorMessage> _monitor;
    private readonly ActorRef<DrainMessage> _drain;
    private readonly IReadOnlyList<ActorRef<RunnerMessage>> _runners = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DrainReport> _report =
        new(TaskCreationOptions.RunContinuationsAsynchronously);


    internal JobServer(Engine engine, JobRoutes routes, IDispatcher? dispatcher)
    {
        _engine = engine;
        _system = new ActorSystem(engine.Options.Name, new ActorSystemOptions
        {
            Dispatcher = dispatcher,
            OnFailure = OnActorFailed,
            OnDeadLetter = OnDeadLetter,

            // The runners' memory, the consumers' refs and the publisher's outbox speak of each other: when one of
            // them starts anew, all do. Too often, and the process ends: a supervisor outside must see it.
            Supervision = SupervisionStrategy.AllForOne(),
        });
        var monitor = _monitor = _system.Spawn<MonitorMessage>(() => new MonitorActor(engine, Plan()), "monitor", 4096);
        var publisher = _system.Spawn<PublisherMessage>(
            () => new PublisherActor(engine, monitor), "publisher", engine.Options.MaxUnconfirmed * 64);
        var queues = engine.Options.Queues;
        var runners = _runners = [.. queues.Select(queue => SpawnRunner(queue, publisher))];
        _drain = _system.Spawn<DrainMessage>(() => new DrainActor(engine, runners, publisher), "drain", 1 << 20);
        if (queues.Count > 0)
        {
            var tenants = queues.Zip(runners).SelectMany(pair => TenantsOf(pair.First, pair.Second, monitor)).ToList();
            _system.Spawn<ConnectionMessage>(
                () => new ConnectionActor(engine, monitor, ConsumeRole, tenants), ConsumeRole, 4096);
        }

        if (queues.Count > 0 && (dispatcher is null or ThreadPoolDispatcher))
        {
            var watch = new StarvationWatch(engine.Options.Queues.Sum(queue => queue.Concurrency + 1), engine.Log);
            _ = _system.Stopped.ContinueWith(_ => watch.Dispose(), TaskScheduler.Default);
        }

        Client = new JobClient(engine, publisher, routes, _system.Dispatcher);
    }

    /// <summary>Enqueues jobs over this process' publishing connection.</summary>
    public JobClient Client { get; }

    /// <summary>
    /// Completes when the broker is there and every queue is consumed for the first time. Fails with a
    /// <see cref="TransportException"/> when the broker refuses access before that (the server keeps trying), and is
    /// cancelled when the server stops first.
    /// </summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the whole tree has stopped; on its own only after too many failures of ours.</summary>
    public Task Stopped => _system.Stopped;

    /// <summary>Told of every change of a connection, from a thread of the system; must return at once.</summary>
    public event Action<ConnectionSnapshot>? ConnectionChanged;

    /// <summary>What runs now. For people and health checks, not for every job.</summary>
    public Task<SystemSnapshot> SnapshotAsync()
    {
        var reply = new TaskCompletionSource<SystemSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        _monitor.Tell(new MonitorMessage.GetSnapshot(reply));
        return reply.Task;
    }

    /// <summary>
    /// Stops in order: no more deliveries; running jobs go on until <paramref name="patience"/> (default
    /// <see cref="JobServerOptions.DrainTimeout"/>) is over, then they are cancelled; everything is settled and every
    /// publish answered; then the tree stops. May be called more than once; the first call decides. A server that
    /// has stopped already has nothing to drain: its report is not complete.
    /// </summary>
    public async Task<DrainReport> DrainAsync(TimeSpan? patience = null)
    {
        _drain.Tell(new DrainMessage.Begin(patience ?? _engine.Options.DrainTimeout, _report));
        var report = await _report.Task;
        await DisposeAsync();
        return report;
    }

    /// <summary>
    /// A drain that is under way waits no longer: running jobs are cancelled now. One that begins later does not wait
    /// at all.
    /// </summary>
    public void HurryDrain() => _drain.TryTell(new DrainMessage.Hurry());

    /// <summary>Stops at once. Running jobs are abandoned; their messages go back to the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync();
        await _engine.Disposals.EndAsync(_engine.Options.BrokerDeadline, _system.Dispatcher.Clock);
        _engine.Metrics.Dispose();
    }

    private ActorRef<RunnerMessage> SpawnRunner(QueueOptions queue, ActorRef<PublisherMessage> publisher) =>
        _system.Spawn<RunnerMessage>(
            () => new JobRunner(_engine, queue, publisher), $"queue-{Uri.EscapeDataString(queue.Name)}",
            mailboxCapacity: Math.Max(4096, queue.Concurrency * 16));

    private IEnumerable<OpenTenant> TenantsOf(
        QueueOptions queue, ActorRef<RunnerMessage> runner, ActorRef<MonitorMessage> monitor)
    {
        yield return Consumer(new ConsumerSettings(queue.Name, Lane.Work, queue.Concurrency));
        yield return Consumer(new ConsumerSettings(queue.Name, Lane.Suspects, 1));

        OpenTenant Consumer(ConsumerSettings settings) => tenancy => tenancy.Parent.Spawn(
            () => new ConsumerActor(_engine, tenancy, settings, runner, monitor),
            mailboxCapacity: Math.Max(1024, settings.Prefetch * 8));
    }

    private MonitorPlan Plan() => new(
        _engine.Options.Queues.Count > 0 ? [ConsumeRole, PublishRole] : [PublishRole],
        _engine.Options.Queues.Count * 2,
        () => _runners,
        _ready,
        changed => ConnectionChanged?.Invoke(changed),
        () => _system.DeadLetters.Count);

    /// <summary>What somebody waits for is answered also when it finds no receiver any more.</summary>
    private static void OnDeadLetter(DeadLetter letter)
    {
        if (letter.Message is DrainMessage.Begin drain)
        {
            drain.Report.TrySetResult(DrainReport.Nothing);
        }
        else if (letter.Message is MonitorMessage.GetSnapshot ask)
        {
            ask.Reply.TrySetCanceled();
        }
        else if (letter.Message is PublisherMessage.Publish publish)
        {
            publish.Done(new EnqueueResult.Rejected(
                publish.Job.Id, $"never sent: the job system takes no more ({letter.Reason})"));
        }
    }

    private void OnActorFailed(ActorFailure failure)
    {
        _engine.Log.ActorFailed(failure.Exception, failure.Path.ToString(), failure.Decision.ToString());
        _monitor?.TryTell(new MonitorMessage.ActorFailed());
    }
}
