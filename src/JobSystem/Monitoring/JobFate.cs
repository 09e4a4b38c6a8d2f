namespace JobSystem.Monitoring;

/// <summary>What became of one job that was in this process' hands when it was drained.</summary>
public sealed record JobFate(JobId Id, string? Type, string Queue, FateKind Kind)
{
    internal static JobFate NotStarted(Job job, string queue) => new(job.Id, job.Type, queue, FateKind.NotStarted);

    internal static JobFate Of(Job job, string queue, JobEnd end) => new(job.Id, job.Type, queue, end.Settlement switch
    {
        Settlement.Ack => FateKind.Finished,
        Settlement.Replace { Destination.Lane: Lane.Dead } => FateKind.DeadLettered,
        Settlement.Reject => FateKind.DeadLettered,
        Settlement.Replace when end.Outcome is JobOutcome.Released => FateKind.GivenBack,
        Settlement.Replace => FateKind.Retried,
        _ => FateKind.GivenBack,
    });
}

public enum FateKind
{
    /// <summary>It ran to its end and was acked.</summary>
    Finished,

    /// <summary>It failed; its next attempt is confirmed by the broker.</summary>
    Retried,

    /// <summary>It failed for good; its dead letter is confirmed by the broker.</summary>
    DeadLettered,

    /// <summary>It was cancelled and went back to the broker: another worker runs it again.</summary>
    GivenBack,

    /// <summary>It had been delivered but not started, and went back.</summary>
    NotStarted,

    /// <summary>It still ran when the process gave up waiting: the broker delivers it again.</summary>
    Abandoned,
}

/// <summary>What a drain did: the fate of each job in hand, and whether all of them are known.</summary>
/// <param name="Fates">In the order in which they were decided.</param>
/// <param name="Elapsed">How long the drain took.</param>
/// <param name="PublishesConfirmed">Every publish on its way was answered.</param>
public sealed record DrainReport(IReadOnlyList<JobFate> Fates, TimeSpan Elapsed, bool PublishesConfirmed)
{
    /// <summary>Of a server that had stopped before: nothing is known.</summary>
    internal static DrainReport Nothing { get; } = new([], TimeSpan.Zero, PublishesConfirmed: false);

    /// <summary>Nothing was left to chance.</summary>
    public bool IsComplete => PublishesConfirmed && Fates.All(static fate => fate.Kind != FateKind.Abandoned);
}
