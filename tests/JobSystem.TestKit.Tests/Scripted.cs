using Akka.Actor;

namespace JobSystem.TestKit.Tests;

/// <summary>An actor whose behaviour a test writes in place.</summary>
internal sealed class Scripted : UntypedActor, IWithTimers
{
    private readonly Script _script;

    private Scripted(Script script) => _script = script;

    public ITimerScheduler Timers { get; set; } = null!;

    public new IActorRef Self => base.Self;

    public new IActorRef Sender => base.Sender;

    public new IUntypedActorContext Context => (IUntypedActorContext)UntypedActor.Context;

    public static Props Props(Action<Scripted, object> onReceive) => Props(new Script { OnReceive = onReceive });

    public static Props Props(Script script) => Akka.Actor.Props.CreateBy(new Producer(script));

    protected override SupervisorStrategy SupervisorStrategy() => _script.Strategy ?? base.SupervisorStrategy();

    protected override void PreStart() => _script.OnStart(this);

    protected override void PostStop() => _script.OnStop(this);

    protected override void OnReceive(object message) => _script.OnReceive(this, message);

    private sealed class Producer(Script script) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Scripted);

        public ActorBase Produce() => new Scripted(script);

        public void Release(ActorBase actor)
        {
        }
    }
}

/// <summary>What a scripted actor does; each part does nothing by default.</summary>
internal sealed class Script
{
    public Action<Scripted, object> OnReceive { get; init; } = static (_, _) => { };

    /// <summary>Of each instance: after a restart again.</summary>
    public Action<Scripted> OnStart { get; init; } = static _ => { };

    public Action<Scripted> OnStop { get; init; } = static _ => { };

    public SupervisorStrategy? Strategy { get; init; }
}
