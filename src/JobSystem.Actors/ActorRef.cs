namespace JobSystem.Actors;

/// <summary>
/// The address of an actor of any kind. It can be watched and stopped; it stays valid (and equal to itself, by
/// reference) through every restart, and after the actor has stopped.
/// </summary>
/// <remarks>Abstract, so that another actor system or a test probe can stand behind it.</remarks>
public abstract class ActorRef
{
    /// <summary>Where the actor stands in its tree. Built when asked for.</summary>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public override string ToString() => Path.ToString();
}

/// <summary>The address of an actor that understands <typeparamref name="TMessage"/>.</summary>
public abstract class ActorRef<TMessage> : ActorRef
{
    /// <summary>
    /// Sends a message and returns at once. Messages from one sender arrive in the order they were told. A message
    /// that is refused (the actor has stopped, or its mailbox is full) becomes a counted dead letter.
    /// </summary>
    public abstract void Tell(TMessage message);

    /// <summary>
    /// As <see cref="Tell"/>, but answers false instead of leaving a dead letter when the message is refused.
    /// True means that it stands in the mailbox, not that it has been received.
    /// </summary>
    public abstract bool TryTell(TMessage message);
}
