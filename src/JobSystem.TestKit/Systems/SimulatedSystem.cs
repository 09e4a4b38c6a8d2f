using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace JobSystem.TestKit;

/// <summary>An actor system inside a simulation. Its end needs no thread but the simulation's.</summary>
internal sealed class SimulatedSystem(Simulation simulation, string name, Config? config)
    : ActorSystemImpl(name, SimulatedConfiguration.Of(config), ActorSystemSetup.Empty)
{
    private Task? _ended;

    /// <summary>Known to the dispatchers, which are made before the body of a constructor would run.</summary>
    internal Simulation Simulation { get; } = simulation;

    public override IActorRef ActorOf(Props props, string? name = null)
    {
        using (Simulation.UseRandom())
        {
            return base.ActorOf(props, name);
        }
    }

    public override IActorRef SystemActorOf(Props props, string? name = null)
    {
        using (Simulation.UseRandom())
        {
            return base.SystemActorOf(props, name);
        }
    }

    public override IActorRef SystemActorOf<TActor>(string? name = null)
    {
        using (Simulation.UseRandom())
        {
            return base.SystemActorOf<TActor>(name);
        }
    }

    /// <summary>Akka chains the callbacks by the current scheduler of tasks, which must be the simulation's.</summary>
    public override void RegisterOnTermination(Action code) =>
        Simulation.InsideOrHere(() => base.RegisterOnTermination(code));

    /// <summary>
    /// Begins the end. Whoever awaits the task inside of the simulation gets it there; whoever blocks on it outside,
    /// as <c>Dispose</c> does, runs the simulation meanwhile.
    /// </summary>
    public override Task Terminate()
    {
        Task terminated = base.Terminate();
        return _ended ??= Simulation.Follow(terminated);
    }
}
