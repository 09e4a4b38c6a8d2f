namespace JobSystem.Actors;

/// <summary>
/// Drives one actor by hand, behind a context of the caller's: for another actor system that hosts it, and for tests
/// of one actor alone. It decides nothing: what the actor throws comes out.
/// </summary>
public sealed class ActorDriver<TMessage>(Actor<TMessage> actor, ActorContext<TMessage> context)
{
    /// <summary>How the actor wants the failures of its children decided.</summary>
    public SupervisionStrategy Supervision => actor.InvokeSupervision();

    /// <summary>Gives the actor its context and runs <c>Starting</c>.</summary>
    public void Start() => actor.InvokeStarting(context);

    /// <summary>Hands it one message.</summary>
    public void Receive(TMessage message) => actor.InvokeReceive(message);

    /// <summary>Runs <c>Stopped</c>.</summary>
    public void Stop() => actor.InvokeStopped();
}
