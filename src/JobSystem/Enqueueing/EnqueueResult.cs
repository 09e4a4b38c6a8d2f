namespace JobSystem;

/// <summary>The truth about an enqueue. A closed set.</summary>
public abstract record EnqueueResult
{
    private EnqueueResult(JobId id) => Id = id;

    public JobId Id { get; }

    /// <summary>The broker has taken responsibility: the job will be finished or dead-lettered.</summary>
    public sealed record Confirmed(JobId JobId) : EnqueueResult(JobId);

    /// <summary>The broker did not accept the job: refused, unroutable, too large, or it was never sent.</summary>
    public sealed record Rejected(JobId JobId, string Reason) : EnqueueResult(JobId)
    {
        /// <summary>Another try would be refused, too, until somebody changes the broker or the job.</summary>
        public bool IsFinal { get; init; }
    }

    /// <summary>
    /// It was sent and no confirm came before the deadline. It may or may not run. Enqueue it again with the same id:
    /// workers take the second for the first.
    /// </summary>
    public sealed record Unknown(JobId JobId, string Reason) : EnqueueResult(JobId);
}
