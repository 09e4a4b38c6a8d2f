namespace JobSystem.Chaos.Loads;

/// <summary>The load: how many jobs, when, of what kinds, into which queues.</summary>
public sealed record WorkloadPlan
{
    /// <summary>How many jobs are enqueued in all; where the rate has an end, those due by then. Default 2,000.
    /// </summary>
    public int Jobs { get; init; } = 2000;

    /// <summary>Jobs a second, all producers together. Default 200.</summary>
    public RatePlan Rate { get; init; } = UsualRate;

    /// <summary>Jobs arrive by chance around their rate (a Poisson process), not evenly. Default no.</summary>
    public bool Poisson { get; init; }

    /// <summary>
    /// A producer whose next job is later than this gives up: what is due and not sent then is counted. Null: never.
    /// </summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Unconfirmed enqueues of a producer at a time; a job that must wait for its place is late. Default 256.
    /// </summary>
    public int Window { get; init; } = 256;

    /// <summary>Kinds of jobs, and how often each comes. Default: one kind, 200 bytes, 5 ms of work on average.
    /// </summary>
    public IReadOnlyList<JobClass> Mix { get; init; } = UsualMix;

    /// <summary>Queues, and how often a job goes into each. Default: one, <c>chaos</c>.</summary>
    public IReadOnlyList<QueueShare> Queues { get; init; } = UsualQueues;

    /// <summary>How long one run may take. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an enqueue waits for its confirm. Default 20 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Runs of a job in all before it is a dead letter. Default 8.</summary>
    public int Attempts { get; init; } = 8;

    private static RatePlan UsualRate { get; } = RatePlan.Constant(200);

    private static IReadOnlyList<JobClass> UsualMix { get; } = [JobClass.Usual];

    private static IReadOnlyList<QueueShare> UsualQueues { get; } = [QueueShare.Usual];
}

/// <summary>A kind of jobs.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Weight">How often it comes, beside the weights of the others.</param>
/// <param name="Work">How long a run takes, in milliseconds.</param>
/// <param name="Payload">In bytes; at least as many as the job's id needs.</param>
public sealed record JobClass(string Name, double Weight, Distribution Work, Distribution Payload)
{
    /// <summary>200 bytes, 5 ms of work on average, exponentially distributed.</summary>
    public static JobClass Usual { get; } =
        new("job", 1, Distribution.Exponential(5), Distribution.Constant(200));

    /// <summary>Kinds that a mix may name without saying what they are.</summary>
    public static IReadOnlyList<JobClass> Known { get; } =
    [
        Usual with { Name = "none", Work = Distribution.Constant(0) },
        Usual with { Name = "short" },
        Usual with { Name = "medium", Work = Distribution.Exponential(100) },
        Usual with { Name = "long", Work = Distribution.Exponential(1000) },
        Usual with { Name = "large", Payload = Distribution.Constant(64 * 1024) },
    ];
}

/// <summary>A queue, and how often a job goes into it beside the weights of the others.</summary>
public sealed record QueueShare(string Name, double Weight)
{
    /// <summary>The one that faults of queues break.</summary>
    public static QueueShare Usual { get; } = new("chaos", 1);
}
