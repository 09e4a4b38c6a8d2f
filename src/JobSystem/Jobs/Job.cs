namespace JobSystem;

/// <summary>
/// A job as it travels: the payload and what the system must know of it. A value; every change is a copy.
/// The wire names of its parts are listed in ARCHITECTURE.md.
/// </summary>
public sealed record Job
{
    private static readonly IReadOnlyDictionary<string, object?> _noHeaders = new Dictionary<string, object?>();

    /// <summary>
    /// The job's name. A foreign message's <c>message_id</c> where it has a valid one; else one is given when
    /// it arrives.
    /// </summary>
    public required JobId Id { get; init; }

    /// <summary>
    /// The id was given on arrival, because the message had none: then another delivery of the same message
    /// has another id, and <see cref="JobKey"/> must not look at it.
    /// </summary>
    public bool IdWasGiven { get; init; }

    /// <summary>
    /// Who made the message; decides how a redelivery of it is recognised (<see cref="JobKey"/>).
    /// </summary>
    public JobOrigin Origin { get; init; }

    /// <summary>
    /// Given to a foreign message when it arrives, and kept by its successors: two senders may use one id,
    /// and their jobs must not be taken for each other. Null for a job that a client of ours enqueued.
    /// </summary>
    public string? Lineage { get; init; }

    /// <summary>The job type: which handler runs it. Null where the sender named none.</summary>
    public string? Type { get; init; }

    /// <summary>The payload, as the sender wrote it. May be empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Which run this is, from 1. Grows by one with each failed run.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// How often this job's message was published again by the system (retry, delay, isolation, requeue),
    /// from 0. Two messages of one job are told apart by it, so a finished one is never mistaken for its
    /// successor.
    /// </summary>
    public int Epoch { get; init; }

    /// <summary>
    /// Workers that were lost while they held it, noted here where the broker does not count (classic queues).
    /// </summary>
    public int WorkerLosses { get; init; }

    /// <summary>
    /// When the sender enqueued it (whole seconds on AMQP). Null where the sender did not say.
    /// </summary>
    public DateTimeOffset? EnqueuedAt { get; init; }

    /// <summary>Not to be run before this time. Null: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Since when it waits for a worker that knows its type. Null: it does not.</summary>
    public DateTimeOffset? ParkedSince { get; init; }

    /// <summary>
    /// How long one run may take; overrides the handler's own setting. Null: the handler's.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>0 (lowest) to 255, for brokers that know priorities. Null: the broker's default.</summary>
    public byte? Priority { get; init; }

    /// <summary>What the handler saved of an earlier run. Null: nothing.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>W3C trace context of the sender, so that a run's span is linked to its enqueue.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Why it was dead-lettered. Null while it is alive.</summary>
    public JobFailure? Failure { get; init; }

    /// <summary>
    /// Everything else the sender attached, kept through retries and dead letters. Values are text, whole
    /// numbers (<see cref="long"/>), <see cref="double"/>, <see cref="bool"/> or bytes.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Headers { get; init; } = _noHeaders;

    /// <summary>
    /// The originals of those <see cref="Headers"/> whose types a job does not have (tables, arrays, decimals), as the
    /// transport received them: it writes them again as they were, unless the header was changed. Null: none.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? OriginalHeaders { get; init; }

    /// <summary>Why no handler can be given this job: it becomes a dead letter with it. Null: one can.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>Who made a message.</summary>
public enum JobOrigin
{
    /// <summary>Any AMQP client. Its id, if it has one, is not trusted to be unique.</summary>
    Foreign,

    /// <summary>
    /// A client or worker of ours (it carries <c>x-job-epoch</c>): its id names one job only.
    /// </summary>
    Ours,
}
