namespace JobSystem.Actors;

/// <summary>A failure and what was decided about it.</summary>
/// <param name="Path">The actor that failed.</param>
/// <param name="Exception">What it threw.</param>
/// <param name="Decision">What its parent decided; an actor that fails while it stops is stopped all the same.</param>
public readonly record struct ActorFailure(ActorPath Path, Exception Exception, SupervisionDecision Decision);

/// <summary>How an <see cref="ActorSystem"/> runs. Immutable; every value has a default.</summary>
public sealed record ActorSystemOptions
{
    /// <summary>Where the actors run; default a <see cref="ThreadPoolDispatcher"/> on the real clock.</summary>
    public IDispatcher? Dispatcher { get; init; }

    /// <summary>
    /// Messages that may wait for one actor unless its spawn says otherwise; default 1,048,576. Senders on several
    /// threads that tell in the same instant can overshoot it, to twice the number at the most.
    /// </summary>
    public int MailboxCapacity { get; init; } = 1 << 20;

    /// <summary>
    /// How failures of top-level actors are decided. An escalation from here (a budget that is exhausted, too)
    /// stops the whole system in order.
    /// </summary>
    public SupervisionStrategy Supervision { get; init; } = SupervisionStrategy.Default;

    /// <summary>
    /// Sees each dead letter, on the thread that causes it; must be quick. What it throws is ignored.
    /// </summary>
    public Action<DeadLetter>? OnDeadLetter { get; init; }

    /// <summary>Sees each failure, on the deciding thread; must be quick. What it throws is ignored.</summary>
    public Action<ActorFailure>? OnFailure { get; init; }
}
