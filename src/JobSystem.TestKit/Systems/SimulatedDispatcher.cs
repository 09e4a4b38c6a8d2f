using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace JobSystem.TestKit;

/// <summary>Hands the mailboxes of a system to its simulation, which runs one message at a time.</summary>
internal sealed class SimulatedDispatcher : MessageDispatcher
{
    private readonly Simulation _simulation;

    internal SimulatedDispatcher(SimulatedDispatcherConfigurator configurator, Simulation simulation)
        : base(configurator)
    {
        _simulation = simulation;
        Id = configurator.Config.GetString("id");

        // A deadline that has passed before the first message: exactly one message a run. Throughput alone gives two.
        Throughput = 1;
        ThroughputDeadlineTime = 0;
        ShutdownTimeout = TimeSpan.Zero;
    }

    public override void Attach(ActorCell cell)
    {
        ActorQueue.Observe(cell.Mailbox!, cell.Self.Path, _simulation.NextActorNumber());
        base.Attach(cell);
    }

    protected override void ExecuteTask(IRunnable run)
    {
        if (run is Mailbox { MessageQueue: ActorQueue queue })
        {
            _simulation.Schedule(queue);
        }
        else
        {
            _simulation.Schedule(run);
        }
    }

    protected override void Shutdown()
    {
    }
}

/// <summary>What the configuration names; made by Akka, once for each dispatcher of a system.</summary>
internal sealed class SimulatedDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly SimulatedDispatcher _dispatcher;

    public SimulatedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        var system = prerequisites.Settings.System as SimulatedSystem
            ?? throw new ConfigurationException("Only Simulation.StartSystem makes systems with this dispatcher.");
        _dispatcher = new SimulatedDispatcher(this, system.Simulation);
    }

    public override MessageDispatcher Dispatcher() => _dispatcher;
}
