using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// The root of one job system's tree: starts its parts, and decides what becomes of all when one fails.
/// Promises: when a part fails all restart together, after a pause: the runners' memory, the consumers' refs and
/// the publisher's outbox speak of each other, and a half-fresh set is worse than a fresh one. Too often, and the tree
/// ends and says so: who supervises the process must see it.
/// Receives what is told to the tree before its parts are there, and passes it on: a few enqueues.
/// </summary>
internal sealed class JobSystemGuardian(TreePlan plan) : TypedActor<object>(plan.Environment)
{
    private readonly TreeRefs _refs = plan.Refs;

    protected override SupervisorStrategy SupervisorStrategy() => new GroupSupervision(
        plan.Budget, Directive.Stop, Environment, () => Random, plan.Observation.Failed);

    protected override void PreStart()
    {
        var (options, broker, observation) = (plan.Options, plan.Broker, plan.Observation);
        var monitor = Spawn(() => new MonitorActor(Environment, broker, observation, plan.Monitor), "monitor");
        var publisher = Spawn(
            () => new PublisherActor(Environment, options, broker, observation, monitor), "publisher");
        var runners = options.Queues.Select(queue => SpawnRunner(queue, publisher)).ToList();
        var drain = Spawn(() => new DrainActor(Environment, options, observation, runners, publisher), "drain");
        if (runners.Count > 0)
        {
            var tenants = options.Queues.Zip(runners)
                .SelectMany(pair => ConsumersOf(pair.First, pair.Second, monitor)).ToList();
            Spawn(
                () => new ConnectionActor(
                    Environment, broker, observation, monitor, ConnectionRoles.Consume, tenants),
                ConnectionRoles.Consume);
        }

        _refs.Open(publisher, monitor, drain, runners);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case PublisherMessage publish:
                _refs.Publisher.Tell(publish);
                break;
            case MonitorMessage ask:
                _refs.Monitor.Tell(ask);
                break;
            case DrainMessage drain:
                _refs.Drain.Tell(drain);
                break;
            case GetSystemSnapshot:
                _refs.Monitor.Tell(new MonitorMessage.GetSnapshot(new Ref<SystemSnapshot>(Sender)));
                break;
        }
    }

    /// <summary>
    /// A defect of the guardian itself: whoever supervises it restarts it, with all its parts. That is no end.
    /// </summary>
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (var part in Context.GetChildren())
        {
            Context.Stop(part);
        }
    }

    protected override void PostStop() => plan.Ended();

    private Ref<RunnerMessage> SpawnRunner(QueueOptions queue, Ref<PublisherMessage> publisher)
    {
        var settings = new WorkerSettings(queue.Name, plan.Options, plan.Catalog, Environment, plan.Observation);
        var runNumbers = new RunNumbers();
        return Spawn(
            () => new JobRunner(settings, queue, publisher, runNumbers), $"queue-{Uri.EscapeDataString(queue.Name)}");
    }

    private IEnumerable<Tenant> ConsumersOf(
        QueueOptions queue, Ref<RunnerMessage> runner, Ref<MonitorMessage> monitor)
    {
        yield return Consumer(new ConsumerSettings(queue.Name, Lane.Work, queue.Concurrency));
        yield return Consumer(new ConsumerSettings(queue.Name, Lane.Quarantine, 1));

        Tenant Consumer(ConsumerSettings settings) => new("consumer", tenancy => ActorProps.Of(
            () => new ConsumerActor(Environment, plan.Broker, tenancy, settings, runner, monitor)));
    }
}
