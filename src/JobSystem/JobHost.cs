using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem;

/// <summary>
/// The job system of one process, from its start to its orderly end: a tree of actors under one guardian, in an actor
/// system of its own or of somebody else. Made by <see cref="JobSystemBuilder.Start"/>,
/// <see cref="JobSystemBuilder.StartIn"/>, or by the host through <c>AddJobSystem</c> and <c>WithJobSystem</c>.
/// It starts without its broker, too: then it waits for it.
/// The tree, with the reason for each supervision strategy, is drawn in ARCHITECTURE.md.
/// </summary>
public sealed class JobHost : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly JobSystemOptions _options;
    private readonly BrokerAccess _broker;
    private readonly Observation _observation;
    private readonly TimeProvider _timeProvider;
    private readonly DeadLetterListener _deadLetters;
    private readonly StarvationWatch? _starvation;
    private readonly QueueLookout? _lookout;
    private readonly TreeRefs _refs = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;

    internal JobHost(
        ActorSystem system, bool ownsSystem, string name, JobHostParts parts)
    {
        (_system, _ownsSystem, _options, Name) = (system, ownsSystem, parts.Options, name);
        _timeProvider = parts.Environment.TimeProvider;
        var log = parts.LoggerFactory.CreateLogger("JobSystem");
        _broker = new BrokerAccess(parts.Transport, _options.Name, _options.BrokerDeadline, new Disposals(log));
        _observation = new Observation(
            log, new JobMetrics(), new JobEvents(name, system.EventStream, log), OnActorFailed);
        var plan = new TreePlan(_options, parts.Catalog, parts.Environment, _broker, _observation,
            RestartBudget.Default, _refs, MonitorPlanOf(_options.Queues.Count), OnEnded);
        Guardian = system.ActorOf(ActorProps.Of(() => new JobSystemGuardian(plan)), name);
        _refs.Announce(Guardian);
        _deadLetters = DeadLetterListener.Subscribe(system, Guardian.Path);
        if (_options.Queues.Count > 0 && _timeProvider == TimeProvider.System)
        {
            _starvation = new StarvationWatch(_options.Queues.Sum(queue => queue.Concurrency + 1), log);
        }

        if (_options is { Queues.Count: > 0, Management: { } management }
            && parts.Transport.OpenWatch(management) is { } watch)
        {
            _lookout = new QueueLookout(
                watch, [.. _options.Queues.Select(static queue => queue.Name)], log, _timeProvider);
        }

        Client = new JobClient(_options, parts, _observation.Metrics, _refs, system, name);
    }

    /// <summary>Enqueues jobs over this process' publishing connection.</summary>
    public JobClient Client { get; }

    /// <summary>The guardian's name in its actor system: <c>/user/NAME</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The root of the tree. Watch it to hear of its end; tell it a <see cref="GetSystemSnapshot"/> to be answered with
    /// a <see cref="SystemSnapshot"/>.
    /// </summary>
    public IActorRef Guardian { get; }

    /// <summary>
    /// Completes when the broker is there and every queue is consumed for the first time. Fails with a
    /// <see cref="TransportException"/> when the broker refuses access before that (the process keeps trying), and is
    /// cancelled when the process stops first.
    /// </summary>
    public Task Ready => _ready.Task;

    /// <summary>
    /// Completes when the whole tree has ended; on its own only after too many failures of its actors, or when its
    /// actor system was terminated.
    /// </summary>
    public Task Stopped => _stopped.Task;

    /// <summary>The tree ended, or ends, without having been asked to.</summary>
    public bool EndedUnasked => _stopped.Task.IsCompleted && !_isStopping;

    /// <summary>Queues whose delayed jobs wait past their time, as the management API showed it last.</summary>
    internal IReadOnlyList<QueueTrouble> Blocked => _lookout?.Blocked ?? [];

    /// <summary>Told of every change of a connection, from a thread of the system; must return at once.</summary>
    public event Action<ConnectionSnapshot>? ConnectionChanged;

    /// <summary>What runs now. For people and health checks, not for every job.</summary>
    /// <exception cref="InvalidOperationException">The tree has ended.</exception>
    public Task<SystemSnapshot> SnapshotAsync()
    {
        var promise = new Promise<SystemSnapshot>(_system);
        _refs.Monitor.Tell(new MonitorMessage.GetSnapshot(promise.Ref));
        return promise.Result;
    }

    /// <summary>
    /// Stops in order: no more deliveries; running jobs go on until <paramref name="patience"/> (default
    /// <see cref="JobSystemOptions.DrainTimeout"/>) is over, then they are cancelled; everything is settled and every
    /// publish answered; then the tree stops. May be called more than once; the first call decides. A tree that
    /// has ended already has nothing to drain: its report is not complete.
    /// </summary>
    public async Task<DrainReport> DrainAsync(TimeSpan? patience = null)
    {
        _isStopping = true;
        var promise = new Promise<DrainReport>(_system);
        _refs.Drain.Tell(new DrainMessage.Begin(patience ?? _options.DrainTimeout, promise.Ref));
        var report = await promise.Result;
        await DisposeAsync();
        return report;
    }

    /// <summary>
    /// A drain that is under way waits no longer: running jobs are cancelled now. One that begins later does not wait
    /// at all.
    /// </summary>
    public void HurryDrain() => _refs.Drain.Tell(new DrainMessage.Hurry());

    /// <summary>Stops at once. Running jobs are abandoned; their messages go back to the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _system.Stop(Guardian);
        if (_lookout is not null)
        {
            await _lookout.DisposeAsync();
        }

        await Stopped;
        await _broker.Disposals.EndAsync(_options.BrokerDeadline, _timeProvider);
        _observation.Metrics.Dispose();
        await (_ownsSystem ? _system.Terminate() : NameIsFreeAsync());
    }

    /// <summary>
    /// Akka frees the name of an actor a moment after its end, in a message to its parent. Who looks while the name is
    /// taken asks the parent something: it has seen to that message when it answers.
    /// </summary>
    private async Task NameIsFreeAsync()
    {
        var parent = (ActorRefWithCell)((ExtendedActorSystem)_system).Guardian;
        while (Guardian.Equals(parent.GetSingleChild(Name)) && !_system.WhenTerminated.IsCompleted)
        {
            var answer = new Promise<ActorIdentity>(_system);
            parent.Tell(new Identify(Name), answer);
            var looked = new TaskCompletionSource();
            _ = SignalAsync(answer.Result);
            _ = SignalAsync(_system.WhenTerminated); // nobody answers then
            await looked.Task;

            // Not WhenAny: it would go on on a thread of the pool, where no simulation is.
            async Task SignalAsync(Task done)
            {
                await done;
                looked.TrySetResult();
            }
        }
    }

    private MonitorPlan MonitorPlanOf(int queues) => new(
        queues > 0 ? [ConnectionRoles.Consume, ConnectionRoles.Publish] : [ConnectionRoles.Publish],
        queues * 2, () => _refs.Runners, _ready, OnConnectionChanged, () => _deadLetters.Count);

    private void OnConnectionChanged(ConnectionSnapshot connection)
    {
        ConnectionChanged?.Invoke(connection);
        _observation.Events.ConnectionChanged(connection);
    }

    private void OnActorFailed(ActorPath actor, Exception cause, string decision)
    {
        _observation.Log.ActorFailed(cause, actor.ToStringWithoutAddress(), decision);
        _refs.Monitor.Tell(new MonitorMessage.ActorFailed());
    }

    /// <summary>On the guardian's thread, when its children have ended.</summary>
    private void OnEnded()
    {
        if (!_isStopping)
        {
            _observation.Log.TreeEnded(Name);
        }

        _starvation?.Dispose();
        _ready.TrySetCanceled();
        _stopped.TrySetResult();
    }
}

/// <summary>What a job system is made of beside its actor system. Never changed.</summary>
internal sealed record JobHostParts(
    JobSystemOptions Options, HandlerCatalog Catalog, JobRoutes Routes, JobCodec Codec, ITransport Transport,
    ActorEnvironment Environment, ILoggerFactory LoggerFactory);

/// <summary>Tell it to a job system's guardian: the sender is answered with a <see cref="SystemSnapshot"/>.</summary>
public sealed record GetSystemSnapshot
{
    /// <summary>The only one there is.</summary>
    public static GetSystemSnapshot Instance { get; } = new();

    private GetSystemSnapshot()
    {
    }
}
