using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace JobSystem.TestKit;

/// <summary>
/// Stands before the message queue of one actor: gives the actor its number in the simulation, and notes the type
/// of each message on its way to the actor. What can be told, kept or refused is decided by the queue behind it.
/// </summary>
internal class ActorQueue : IMessageQueue
{
    private readonly Mailbox _mailbox;
    private readonly IMessageQueue _inner;
    private Type? _taken;

    private ActorQueue(Mailbox mailbox, ActorPath path, long number)
    {
        _mailbox = mailbox;
        _inner = mailbox.MessageQueue;
        Path = path;
        Number = number;
    }

    /// <summary>From 1, in the order of births: the names of actors, which may hold counters, have no say.</summary>
    internal long Number { get; }

    internal ActorPath Path { get; }

    public bool HasMessages => _inner.HasMessages;

    public int Count => _inner.Count;

    /// <summary>Puts itself before the queue of this mailbox.</summary>
    internal static void Observe(Mailbox mailbox, ActorPath path, long number) =>
        QueueOf(mailbox) = mailbox.MessageQueue is IDequeBasedMessageQueueSemantics deque
            ? new Deque(mailbox, path, number, deque)
            : new ActorQueue(mailbox, path, number);

    public void Enqueue(IActorRef receiver, Envelope envelope) => _inner.Enqueue(receiver, envelope);

    public bool TryDequeue(out Envelope envelope)
    {
        if (!_inner.TryDequeue(out envelope))
        {
            return false;
        }

        _taken = (envelope.Message is IWrappedMessage wrapped ? wrapped.Message : envelope.Message)?.GetType();
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _inner.CleanUp(owner, deadletters);

    /// <summary>Lets the actor handle Akka's signals and one message, and returns the message's type.</summary>
    internal Type? RunOnce()
    {
        _taken = null;
        _mailbox.Run();
        return _taken;
    }

    /// <summary>Akka has no other way in: a mailbox takes its queue once, when it is made.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<MessageQueue>k__BackingField")]
    private static extern ref IMessageQueue QueueOf(Mailbox mailbox);

    /// <summary>The same for an actor that stashes: Akka asks its queue whether messages can be put back.</summary>
    private sealed class Deque(Mailbox mailbox, ActorPath path, long number, IDequeBasedMessageQueueSemantics inner)
        : ActorQueue(mailbox, path, number), IDequeBasedMessageQueueSemantics
    {
        public void EnqueueFirst(Envelope envelope) => inner.EnqueueFirst(envelope);
    }
}
