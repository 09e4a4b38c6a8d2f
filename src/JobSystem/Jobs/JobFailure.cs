namespace JobSystem;

/// <summary>Why a job was dead-lettered: what an operator reads first.</summary>
/// <param name="Reason">The class of failure.</param>
/// <param name="Error">The last error in words; at most <see cref="MaxErrorLength"/> characters.</param>
/// <param name="Attempts">Runs that were made.</param>
/// <param name="Queue">The queue it came from: where a requeue sends it.</param>
/// <param name="Worker">The process that gave up on it.</param>
/// <param name="FailedAt">When it gave up.</param>
public sealed record JobFailure(
    FailureReason Reason, string Error, int Attempts, string Queue, string Worker, DateTimeOffset FailedAt)
{
    /// <summary>
    /// Longer errors are cut: headers must fit into one AMQP frame (128 KiB) many times over.
    /// </summary>
    public const int MaxErrorLength = 4000;
}

/// <summary>
/// The classes of failure. Their names on the wire are these in kebab case, for example <c>worker-lost</c>.
/// </summary>
public enum FailureReason
{
    /// <summary>The handler failed and no attempt was left.</summary>
    AttemptsExhausted,

    /// <summary>The last attempt ran out of time.</summary>
    TimedOut,

    /// <summary>The handler, or the codec before it, said that no further attempt can help.</summary>
    NotRetryable,

    /// <summary>No worker knew the job's type for the whole patience time.</summary>
    UnknownType,

    /// <summary>It took its worker down with it, repeatedly, while it ran alone.</summary>
    WorkerLost,

    /// <summary>The broker refused for good what should have followed: its next attempt, its delay.</summary>
    MoveRefused,

    /// <summary>The broker took it out of its queue: it waited longer than a time to live allows.</summary>
    Expired,

    /// <summary>The broker took it out of its queue: the queue was longer than it may be.</summary>
    Maxlen,

    /// <summary>Another client rejected it without a requeue.</summary>
    Rejected,

    /// <summary>The broker took it out of its queue: it had come back more often than a limit allows.</summary>
    DeliveryLimit,
}
