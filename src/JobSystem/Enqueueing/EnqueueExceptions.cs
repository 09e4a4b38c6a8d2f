namespace JobSystem;

/// <summary>The broker did not accept the job. Nothing will run.</summary>
public sealed class EnqueueRejectedException(JobId id, string reason)
    : Exception($"Job {id} was rejected: {reason}")
{
    public JobId Id { get; } = id;

    public string Reason { get; } = reason;
}

/// <summary>
/// The job was sent and not confirmed in time: it may or may not run. To be sure, enqueue it again with the same
/// <see cref="Id"/>.
/// </summary>
public sealed class EnqueueUnknownException(JobId id, string reason)
    : Exception($"Whether job {id} was enqueued is not known: {reason} Enqueue it again with the same id.")
{
    public JobId Id { get; } = id;

    public string Reason { get; } = reason;
}
