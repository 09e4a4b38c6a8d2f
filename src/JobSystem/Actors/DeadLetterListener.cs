using Akka.Actor;
using Akka.Event;

namespace JobSystem.Actors;

/// <summary>A message whose sender waits for what becomes of it: it hears also when the receiver has ended.</summary>
internal interface INeverUnanswered
{
    /// <summary>It was told to an actor that has ended. Called on the teller's thread; must return at once.</summary>
    void OnReceiverEnded();
}

/// <summary>
/// Counts what was told to the dead below one actor, and answers what somebody waits for. Why Akka's own dead letters
/// do not do: they are logged, not counted for one tree, and nobody is told whose question was lost. It is a ref
/// without an actor, so it hears on the teller's thread, before the teller goes on.
/// </summary>
internal sealed class DeadLetterListener : MinimalActorRef
{
    private readonly ActorPath _below;
    private long _count;

    private DeadLetterListener(ActorSystem system, ActorPath below)
    {
        _below = below;
        Provider = ((ExtendedActorSystem)system).Provider;
        Path = Provider.RootPath / "job-system-dead-letters" / below.Name;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    /// <summary>Messages of the tree that found no receiver.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>For as long as the system lives: who enqueues after the tree's end is answered, too.</summary>
    /// <param name="system">Where the tree lives.</param>
    /// <param name="below">The tree's root.</param>
    public static DeadLetterListener Subscribe(ActorSystem system, ActorPath below)
    {
        var listener = new DeadLetterListener(system, below);
        system.EventStream.Subscribe(listener, typeof(DeadLetter));
        return listener;
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is DeadLetter letter && IsBelow(letter.Recipient.Path))
        {
            Interlocked.Increment(ref _count);
            (letter.Message as INeverUnanswered)?.OnReceiverEnded();
        }
    }

    private bool IsBelow(ActorPath path)
    {
        while (path.Depth > _below.Depth)
        {
            path = path.Parent;
        }

        return path.Equals(_below);
    }
}
