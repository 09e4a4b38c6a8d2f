namespace JobSystem;

/// <summary>
/// What became of one delivery of a job. A closed set; <see cref="SettlementRules"/> turns it into a deed.
/// </summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>The handler returned.</summary>
    public sealed record Succeeded : JobOutcome
    {
        public static readonly Succeeded Instance = new();
    }

    /// <summary>The handler failed; another attempt may help.</summary>
    /// <param name="Error">In words.</param>
    /// <param name="RetryAfter">The handler's own wish for the delay. Null: the retry policy decides.</param>
    public sealed record Failed(string Error, TimeSpan? RetryAfter = null) : JobOutcome;

    /// <summary>The run took longer than its timeout and was cancelled.</summary>
    public sealed record TimedOut(TimeSpan Limit) : JobOutcome;

    /// <summary>No further attempt can help: a body that cannot be read, or the handler said so.</summary>
    public sealed record NotRetryable(string Error) : JobOutcome;

    /// <summary>
    /// What runs the job could not begin it (no file descriptor, process or memory was left): not the job's failure.
    /// </summary>
    public sealed record NotStarted(string Error) : JobOutcome;

    /// <summary>
    /// No handler here knows the type. Another worker may (a rolling deploy), so it waits for a while.
    /// </summary>
    public sealed record UnknownType : JobOutcome
    {
        public static readonly UnknownType Instance = new();
    }

    /// <summary>It arrived before its due time: a long delay takes several steps.</summary>
    public sealed record NotDue : JobOutcome
    {
        public static readonly NotDue Instance = new();
    }

    /// <summary>
    /// A worker died while it held it, on a queue whose broker does not count: noted in the message, since the next
    /// loss must be told from this one.
    /// </summary>
    public sealed record LossNoted(int Losses) : JobOutcome;

    /// <summary>
    /// Workers died while they held it. It may be the cause or a bystander; alone it will show.
    /// </summary>
    public sealed record Quarantined : JobOutcome
    {
        public static readonly Quarantined Instance = new();
    }

    /// <summary>It took its worker down while it ran alone.</summary>
    public sealed record WorkerLost(int Losses) : JobOutcome;

    /// <summary>Given back without blame: the worker drains.</summary>
    public sealed record Released : JobOutcome
    {
        public static readonly Released Instance = new();
    }
}
