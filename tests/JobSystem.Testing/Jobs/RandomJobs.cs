namespace JobSystem.Testing.Jobs;

/// <summary>
/// Jobs and outcomes of every kind, drawn from a seed: for properties that hold for all of them.
/// </summary>
public static class RandomJobs
{
    /// <summary>Now, for all that is drawn here.</summary>
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A job with any of its parts set or not.</summary>
    public static Job Next(Random random) => new()
    {
        Id = JobId.New(Now, random),
        Origin = random.Next(2) == 0 ? JobOrigin.Ours : JobOrigin.Foreign,
        IdWasGiven = random.Next(2) == 0,
        Lineage = Maybe(random, "lineage"),
        Type = Maybe(random, "resize-image"),
        Body = BytesOf(random, 20),
        ContentType = Maybe(random, "application/json"),
        Attempt = random.Next(1, 12),
        Epoch = random.Next(0, 50),
        EnqueuedAt = MaybeTime(random),
        DueAt = MaybeTime(random),
        ParkedSince = MaybeTime(random),
        Timeout = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(1, 1000)),
        Priority = random.Next(2) == 0 ? null : (byte)random.Next(256),
        Checkpoint = random.Next(2) == 0 ? null : BytesOf(random, 10),
        TraceParent = Maybe(random, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        Headers = random.Next(2) == 0
            ? new Dictionary<string, object?>()
            : new Dictionary<string, object?> { ["text"] = "value", ["number"] = random.NextInt64() },
    };

    /// <summary>One outcome of each kind that there is.</summary>
    public static IReadOnlyList<JobOutcome> OutcomesOf(Random random) =>
    [
        JobOutcome.Succeeded.Instance,
        new JobOutcome.Failed("It failed."),
        new JobOutcome.Failed("Not now.", TimeSpan.FromSeconds(random.Next(0, 10_000))),
        new JobOutcome.TimedOut(TimeSpan.FromSeconds(random.Next(1, 100))),
        new JobOutcome.NotRetryable("It cannot be read."),
        new JobOutcome.NotStarted("No process was left."),
        JobOutcome.UnknownType.Instance,
        JobOutcome.NotDue.Instance,
        JobOutcome.Quarantined.Instance,
        new JobOutcome.LossNoted(1),
        new JobOutcome.WorkerLost(random.Next(1, 5)),
        JobOutcome.Released.Instance,
    ];

    /// <summary>Any settings of a queue and its handler.</summary>
    public static SettlementContext ContextOf(Random random) => new(
        Queue: "images",
        Lane: random.Next(2) == 0 ? Lane.Work : Lane.Quarantine,
        Worker: "host-1/4711",
        Retry: Retry.Exponential(random.Next(1, 12)),
        UnknownTypePatience: TimeSpan.FromSeconds(random.Next(0, 1000)),
        Now,
        Draw: random.NextDouble());

    private static string? Maybe(Random random, string text) => random.Next(2) == 0 ? null : text;

    private static DateTimeOffset? MaybeTime(Random random) =>
        random.Next(2) == 0 ? null : Now.AddSeconds(random.Next(-1000, 1000));

    private static byte[] BytesOf(Random random, int longest)
    {
        var bytes = new byte[random.Next(longest + 1)];
        random.NextBytes(bytes);
        return bytes;
    }
}
