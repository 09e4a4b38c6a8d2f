namespace JobSystem.Testing.Simulations;

/// <summary>The kinds of faults that a simulation makes. Each seed has some of them, chosen by lot.</summary>
public enum FaultKind
{
    /// <summary>An operator closes every connection.</summary>
    ConnectionsClosed,

    /// <summary>One worker's network breaks for a moment.</summary>
    WorkerCutOff,

    /// <summary>The broker stops and comes back after a while.</summary>
    BrokerRestarted,

    /// <summary>The broker hangs for a while: nothing moves, nothing fails.</summary>
    BrokerFrozen,

    /// <summary>An alarm blocks publishers for a while.</summary>
    PublishersBlocked,

    /// <summary>The broker cancels the consumers of the work lane.</summary>
    ConsumersCancelled,

    /// <summary>Some confirms are lost and their connections with them.</summary>
    ConfirmsDropped,

    /// <summary>Some confirms come late.</summary>
    ConfirmsDelayed,

    /// <summary>Some publishes are nacked.</summary>
    PublishesRejected,

    /// <summary>Nobody may connect for a while, and everybody has to.</summary>
    AccessRefused,

    /// <summary>A worker dies without a word and is started again after a while.</summary>
    WorkerKilled,

    /// <summary>A worker is drained and started again: a deploy.</summary>
    WorkerReplaced,

    /// <summary>The process that enqueues dies without a word and is started again.</summary>
    ProducerKilled,

    /// <summary>The work lane takes no more than a few jobs for a while.</summary>
    QueueBounded,
}

/// <summary>One fault at one time.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="At">Since the beginning.</param>
/// <param name="Lasts">How long, where it has a length.</param>
/// <param name="Number">Which worker, how many confirms, how long a queue.</param>
public readonly record struct Fault(FaultKind Kind, TimeSpan At, TimeSpan Lasts, int Number)
{
    public override string ToString() => $"{At.TotalSeconds:0.000} s: {Kind} ({Lasts.TotalSeconds:0.000} s, {Number})";
}
