namespace JobSystem;

/// <summary>
/// What a user writes to run jobs of one payload type. Created in a scope of its own, for every run.
/// Returning means success and the job is acked after it. Throwing means failure: the retry policy decides, unless it
/// is a <see cref="JobNotRetryableException"/> or a <see cref="JobRetryLaterException"/>.
/// A job may run more than once (a crash between the work and the ack), always with the same <see cref="JobId"/>.
/// </summary>
public interface IJobHandler<in TPayload>
{
    /// <param name="job">The payload, decoded.</param>
    /// <param name="context">The run's facts: id, attempt, queue, headers, logger.</param>
    /// <param name="cancellationToken">Cancelled at the timeout, and when a drain runs out of patience. The attempt
    /// then has <see cref="JobSystemOptions.CancelGrace"/> to end; after that its slot is freed and its result
    /// ignored.</param>
    Task HandleAsync(TPayload job, JobContext context, CancellationToken cancellationToken);
}

/// <summary>A handler for every job of a queue, whatever its type: gets the bytes as they came.</summary>
public delegate Task RawJobHandler(JobContext context, CancellationToken cancellationToken);

/// <summary>Thrown by a handler: no further attempt can help. The job goes to the dead letters at once.</summary>
public sealed class JobNotRetryableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Thrown by a handler: try again, and not before <see cref="Delay"/>. Counts as an attempt.</summary>
public sealed class JobRetryLaterException(TimeSpan delay, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public TimeSpan Delay { get; } = delay;
}
