namespace JobSystem.Transports.InMemory;

/// <summary>
/// One message in a queue of the broker, from its publish to its ack. Guarded by the broker's gate.
/// </summary>
/// <param name="job">What was published.</param>
/// <param name="sequence">Its place in the order of publishes, which it keeps when it comes back.</param>
internal sealed class StoredMessage(Job job, long sequence)
{
    public Job Job { get; } = job;

    public long Sequence { get; } = sequence;

    /// <summary>What is left of its delay when it has been held; null: it was not delayed.</summary>
    public TimeSpan? DelayLeft { get; init; }

    public int Deliveries { get; set; }

    /// <summary>
    /// Deliveries that came back because their channel was lost; a requeue on purpose does not count.
    /// </summary>
    public int Losses { get; set; }

    /// <summary>
    /// The job as a worker reads it. A foreign one is given a lineage, another with each delivery: it carries none.
    /// </summary>
    public Job Arriving() => Job is { Origin: JobOrigin.Foreign, Lineage: null }
        ? Job with { Lineage = $"{Sequence:x}-{Deliveries:x}" }
        : Job;

    /// <summary>A copy that shares nothing with the publisher: as if it had travelled.</summary>
    public static Job Copy(Job job) => job with
    {
        Body = job.Body.ToArray(),
        Headers = job.Headers.Count == 0 ? job.Headers : new Dictionary<string, object?>(job.Headers),
    };
}
