namespace JobSystem.Actors;

/// <summary>
/// State that is touched by one message at a time. Derive from it, keep the state in fields, and let no other
/// thread see them: whatever takes time goes through <see cref="ActorContext{TMessage}.PipeToSelf"/> and comes
/// back as a message.
/// </summary>
/// <remarks>
/// Life of an instance: constructor, <see cref="Starting"/>, <see cref="Receive"/> for each message,
/// <see cref="Stopped"/>. An exception from any of them goes to the parent, which decides by its
/// <see cref="Supervision"/>; after a restart a new instance stands behind the same address.
/// </remarks>
public abstract class Actor<TMessage>
{
    private ActorContext<TMessage>? _context;

    /// <summary>All an actor may do. Not there yet in the constructor: begin in <see cref="Starting"/>.</summary>
    /// <exception cref="InvalidOperationException">Used in the constructor.</exception>
    protected ActorContext<TMessage> Context => _context ?? throw new InvalidOperationException(
        $"{GetType().Name} has no Context in its constructor; use it from Starting() on.");

    /// <summary>How this actor decides about the failures of its children.</summary>
    protected virtual SupervisionStrategy Supervision => SupervisionStrategy.Default;

    /// <summary>Runs before the first message, after every restart again.</summary>
    protected virtual void Starting()
    {
    }

    /// <summary>
    /// Handles one message, to its end and without blocking: the thread is shared with other actors, and whoever
    /// waits here for another actor may keep the very thread that one needs.
    /// </summary>
    protected abstract void Receive(TMessage message);

    /// <summary>
    /// Runs once for an instance that was constructed, after its last message and after all its children have
    /// stopped; also for the old instance at a restart. What it throws is reported and stops nothing.
    /// </summary>
    protected virtual void Stopped()
    {
    }

    // How a cell, or a driver, calls what only the actor itself may override.
    internal void InvokeStarting(ActorContext<TMessage> context)
    {
        _context = context;
        Starting();
    }

    internal void InvokeReceive(TMessage message) => Receive(message);

    internal SupervisionStrategy InvokeSupervision() => Supervision;

    internal void InvokeStopped() => Stopped();
}
