using Microsoft.Extensions.Logging;

namespace JobSystem.Monitoring;

/// <summary>
/// Every line the system logs. Each says event, cause, fate of the message and, where somebody must act, the remedy.
/// Event ids: 1xx broker, 2xx queues, 3xx jobs, 4xx publishes, 5xx shutdown, 9xx defects of ours.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Information, "Opened the {Role} connection to {Broker} in {Elapsed}.")]
    public static partial void Connected(this ILogger log, string role, string broker, TimeSpan elapsed);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, EventName = "ConnectionLost", Message =
        "No {Role} connection to {Broker}: {Cause} Running jobs go on; the broker redelivers unacked messages. " +
        "Retrying in {Delay}.")]
    private static partial void ConnectionLostBecause(
        this ILogger log, string role, string broker, string cause, TimeSpan delay);

    public static void ConnectionLost(
        this ILogger log, string role, string broker, string cause, TimeSpan delay) =>
        log.ConnectionLostBecause(role, broker, Sentence(cause), delay);

    [LoggerMessage(103, LogLevel.Warning,
        "Lost a {Role} channel: {Cause} The broker redelivers its unacked messages; running jobs go on. " +
        "Opening a new channel.")]
    public static partial void ChannelLost(this ILogger log, string role, string cause);

    [LoggerMessage(104, LogLevel.Warning,
        "{Broker} blocks publishes: {Reason}. Enqueues wait, at most until their deadline; running jobs go on. " +
        "Free memory or disk at the broker.")]
    public static partial void Blocked(this ILogger log, string broker, string reason);

    [LoggerMessage(105, LogLevel.Information, "{Broker} accepts publishes again.")]
    public static partial void Unblocked(this ILogger log, string broker);

    [LoggerMessage(106, LogLevel.Debug, "Closing a discarded {Thing} failed: {Cause}")]
    public static partial void DisposeFailed(this ILogger log, string thing, string cause);

    [LoggerMessage(201, LogLevel.Information, "Consuming '{Queue}', at most {Prefetch} at a time.")]
    public static partial void Consuming(this ILogger log, string queue, int prefetch);

    [LoggerMessage(202, LogLevel.Warning, "Queue '{Queue}' can lose jobs: {Hazard}")]
    public static partial void Hazard(this ILogger log, string queue, string hazard);

    [LoggerMessage(203, LogLevel.Warning, "Queue '{Queue}': {Trouble}")]
    public static partial void QueueBlocked(this ILogger log, string queue, string trouble);

    [LoggerMessage(204, LogLevel.Information, "No delayed jobs of '{Queue}' wait past their time any more.")]
    public static partial void QueueUnblocked(this ILogger log, string queue);

    [LoggerMessage(205, LogLevel.Information,
        "Whether a policy drops jobs, or a full queue holds up delayed ones, was not seen: {Why}")]
    public static partial void PoliciesNotSeen(this ILogger log, string why);

    [LoggerMessage(301, LogLevel.Debug, "Job {Id} of '{Queue}' succeeded in attempt {Attempt}; its message is acked.")]
    private static partial void Succeeded(this ILogger log, JobId id, string queue, int attempt);

    [LoggerMessage(302, LogLevel.Warning,
        "Job {Id} of '{Queue}' failed in attempt {Attempt}: {Error} It runs again after {Delay}.")]
    private static partial void Retried(
        this ILogger log, JobId id, string queue, int attempt, string error, TimeSpan delay);

    [LoggerMessage(303, LogLevel.Error,
        "Job {Id} of '{Queue}' is a dead letter ({Reason}): {Error} It stays in '{DeadQueue}' until somebody " +
        "requeues or purges it.")]
    private static partial void DeadLettered(
        this ILogger log, JobId id, string queue, FailureReason reason, string error, string deadQueue);

    [LoggerMessage(304, LogLevel.Debug, "Job {Id} of '{Queue}' is not run now ({Outcome}); it goes to '{Where}'.")]
    private static partial void Moved(this ILogger log, JobId id, string queue, string outcome, string where);

    [LoggerMessage(305, LogLevel.Information, "Job {Id} of '{Queue}' was requeued ({Outcome}).")]
    private static partial void GivenBack(this ILogger log, JobId id, string queue, string outcome);

    [LoggerMessage(306, LogLevel.Information,
        "Job {Id} of '{Queue}' was delivered again while it runs here; the run goes on and settles this delivery.")]
    public static partial void Adopted(this ILogger log, JobId id, string queue);

    [LoggerMessage(307, LogLevel.Information,
        "Job {Id} of '{Queue}' was delivered again after it ended here; it is acked without a second run.")]
    public static partial void AlreadyFinished(this ILogger log, JobId id, string queue);

    [LoggerMessage(308, LogLevel.Error,
        "Job {Id} of '{Queue}' ignores its cancellation for {Grace}; its slot is freed and its result ignored. " +
        "It still uses this process: make the handler obey its CancellationToken.")]
    public static partial void RunAbandoned(this ILogger log, JobId id, string queue, TimeSpan grace);

    [LoggerMessage(309, LogLevel.Warning,
        "Job {Id} of '{Queue}': what its handler registered on the CancellationToken threw. The cancellation stands.")]
    public static partial void CancelCallbackFailed(this ILogger log, Exception error, JobId id, string queue);

    [LoggerMessage(401, LogLevel.Error,
        "The broker did not confirm the successor of job {Id} to '{Where}' ({Result}). The original stays unacked; " +
        "publishing again in {Delay}.")]
    public static partial void SuccessorNotConfirmed(
        this ILogger log, JobId id, Destination where, string? result, TimeSpan delay);

    [LoggerMessage(402, LogLevel.Error,
        "The broker refuses the successor of job {Id} to '{Where}', and another try would not help: {Why} " +
        "The job is dead-lettered instead. Cure what the broker says, then run 'jobs dead requeue'.")]
    private static partial void SuccessorRefusedBecause(this ILogger log, JobId id, Destination where, string why);

    public static void SuccessorRefused(this ILogger log, JobId id, Destination where, string why) =>
        log.SuccessorRefusedBecause(id, where, Sentence(why));

    [LoggerMessage(403, LogLevel.Error,
        "Job {Id} of '{Queue}' was rejected: {Error} The broker refused our dead letter and dead-letters the message " +
        "itself, as soon as its dead-letter queue accepts it. Its reason there is 'rejected'.")]
    private static partial void RejectedToBroker(this ILogger log, JobId id, string queue, string error);

    [LoggerMessage(404, LogLevel.Error,
        "Job {Id} of '{Queue}' has failed, and the broker refuses its dead letter: {Why} Its message stays unacked " +
        "and holds no slot; retrying every {Delay}. Cure what the broker says; a quorum queue that " +
        "'jobs queues declare' made would let the broker move it.")]
    private static partial void StuckBecause(this ILogger log, JobId id, string queue, string why, TimeSpan delay);

    public static void Stuck(this ILogger log, JobId id, string queue, string why, TimeSpan delay) =>
        log.StuckBecause(id, queue, Sentence(why), delay);

    [LoggerMessage(501, LogLevel.Information, "Drain: job {Id} of '{Queue}': {Fate}.")]
    public static partial void Drained(this ILogger log, JobId id, string queue, FateKind fate);

    [LoggerMessage(901, LogLevel.Error,
        "An actor of the job system failed ({Path}): {Decision}. This is a defect; no message is lost by it.")]
    public static partial void ActorFailed(this ILogger log, Exception error, string path, string decision);

    [LoggerMessage(903, LogLevel.Critical,
        "The job system {Name} ended on its own: too many of its actors failed, or its actor system was terminated. " +
        "The broker redelivers its unacked messages; restart the process, and report the failures logged before.")]
    public static partial void TreeEnded(this ILogger log, string name);

    [LoggerMessage(904, LogLevel.Warning,
        "A subscriber of the job events threw; the job is not affected, and the subscriber may have missed the event.")]
    public static partial void EventSubscriberFailed(this ILogger log, Exception error);

    [LoggerMessage(902, LogLevel.Warning,
        "The thread pool ({Count} threads) did not answer in time; it may now grow to {Threads}, so heartbeats and " +
        "other jobs go on. If handlers block their threads, let them await instead; else this machine is overloaded.")]
    public static partial void PoolStarved(this ILogger log, int count, int threads);

    /// <summary>One line for every outcome of a job.</summary>
    public static void Concluded(
        this ILogger log, Job job, string queue, JobOutcome outcome, Settlement settlement)
    {
        switch (settlement)
        {
            case Settlement.Ack:
                log.Succeeded(job.Id, queue, job.Attempt);
                break;
            case Settlement.Replace { Successor.Failure: { } failure } dead:
                log.DeadLettered(job.Id, queue, failure.Reason, Sentence(failure.Error), dead.Destination.ToString());
                break;
            case Settlement.Replace retry when outcome is JobOutcome.Failed or JobOutcome.TimedOut:
                log.Retried(job.Id, queue, job.Attempt, ErrorOf(outcome), retry.Destination.Delay);
                break;
            case Settlement.Replace moved:
                log.Moved(job.Id, queue, outcome.GetType().Name, moved.Destination.ToString());
                break;
            case Settlement.Reject:
                log.RejectedToBroker(job.Id, queue, ErrorOf(outcome));
                break;
            case Settlement.Requeue:
                log.GivenBack(job.Id, queue, outcome.GetType().Name);
                break;
        }
    }

    private static string ErrorOf(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Failed failed => Sentence(failed.Error),
        JobOutcome.TimedOut late => $"the run took longer than its timeout of {late.Limit}.",
        _ => outcome.GetType().Name,
    };

    /// <summary>Bounded, and ended, so that the next sentence can follow.</summary>
    private static string Sentence(string text)
    {
        var words = text.TrimEnd();
        return words.Length > MaxWords ? words[..MaxWords] + " [cut]."
            : words is [.., '.' or '!' or '?'] ? words : words + ".";
    }

    /// <summary>In characters.</summary>
    private const int MaxWords = 1000;
}
