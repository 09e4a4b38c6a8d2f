namespace JobSystem.Actors;

/// <summary>
/// A link of the user lane; also the marks that stand for its state when it is empty. A link joins a lane once in its
/// life: one that came back would deceive a sender's compare-and-swap about the depth below it.
/// </summary>
internal class Node(int depth)
{
    /// <summary>Depth of a closed lane: deeper than any capacity, so that one comparison covers both.</summary>
    internal const int ClosedDepth = int.MaxValue;

    /// <summary>Empty, and nobody runs it: whoever tells first schedules it.</summary>
    internal static readonly Node Idle = new(0);

    /// <summary>Empty, scheduled or running.</summary>
    internal static readonly Node Busy = new(0);

    /// <summary>Closed for ever, scheduled or running.</summary>
    internal static readonly Node Closed = new(ClosedDepth);

    /// <summary>Closed for ever, and nobody runs it.</summary>
    internal static readonly Node ClosedIdle = new(ClosedDepth);

    internal Node? Next;

    /// <summary>How many messages stand in the lane from here down.</summary>
    internal int Depth = depth;

    /// <summary>It is not simply a message that was told: ask <see cref="Envelope{T}.TryOpen"/>.</summary>
    internal bool IsSignal;
}

/// <summary>A message on its way to one actor.</summary>
internal class Envelope<T>(T message) : Node(0)
{
    internal T Message = message;

    /// <summary>Yields the message when it is still wanted. Runs inside the actor.</summary>
    internal virtual bool TryOpen(ActorCell<T> cell, out T message)
    {
        message = Message;
        return true;
    }

    /// <summary>The actor stopped before it could open it.</summary>
    internal virtual void Refuse(Mailbox<T> mailbox, DeadLetterReason reason) =>
        mailbox.System.DeadLetters.Add(mailbox, Message, reason);
}
