namespace JobSystem.Cli.Enqueueing;

/// <summary>Counts what became of a run's enqueues, and so its exit code. Pure.</summary>
internal sealed record EnqueueTally(long Confirmed = 0, long Rejected = 0, long Unknown = 0)
{
    /// <summary>Something is unknown: that first, since only then sending again needs care.</summary>
    public int ToExitCode() => this switch
    {
        { Unknown: > 0 } => ExitCode.Unknown,
        { Rejected: > 0 } => ExitCode.Failed,
        _ => ExitCode.Done,
    };

    public EnqueueTally With(EnqueueResult result) => result switch
    {
        EnqueueResult.Confirmed => this with { Confirmed = Confirmed + 1 },
        EnqueueResult.Rejected => this with { Rejected = Rejected + 1 },
        _ => this with { Unknown = Unknown + 1 },
    };
}
