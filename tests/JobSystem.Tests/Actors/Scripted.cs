using JobSystem.Actors;

namespace JobSystem.Tests.Actors;

/// <summary>An actor whose behaviour a test writes in place.</summary>
internal sealed class Scripted<T> : Actor<T>
{
    public Action<ActorContext<T>, T> OnReceive { get; init; } = static (_, _) => { };

    public Action<ActorContext<T>> OnStarting { get; init; } = static _ => { };

    public Action<ActorContext<T>> OnStopped { get; init; } = static _ => { };

    public Func<SupervisionStrategy> OnSupervision { get; init; } = static () => SupervisionStrategy.Default;

    protected override SupervisionStrategy Supervision => OnSupervision();

    protected override void Starting() => OnStarting(Context);

    protected override void Receive(T message) => OnReceive(Context, message);

    protected override void Stopped() => OnStopped(Context);
}

/// <summary>A system under a simulation, and what became of its messages and failures.</summary>
internal sealed class SimulatedSystem
{
    public SimulatedSystem(ulong seed = 1, SupervisionStrategy? supervision = null, SimulationOptions? options = null)
    {
        Simulation = new SimulationDispatcher(seed, options);
        System = new ActorSystem("test", new ActorSystemOptions
        {
            Dispatcher = Simulation,
            Supervision = supervision ?? SupervisionStrategy.Default,
            OnDeadLetter = DeadLetters.Add,
            OnFailure = Failures.Add,
        });
    }

    public SimulationDispatcher Simulation { get; }

    public ActorSystem System { get; }

    public List<DeadLetter> DeadLetters { get; } = [];

    public List<ActorFailure> Failures { get; } = [];

    public ActorRef<T> Spawn<T>(Scripted<T> actor, string? name = null, int mailboxCapacity = 0) =>
        System.Spawn(() => actor, name, mailboxCapacity);

    public void Stop() => Simulation.Await(System.StopAsync());
}
