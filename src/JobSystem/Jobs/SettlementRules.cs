using System.Diagnostics;

namespace JobSystem;

/// <summary>
/// THE rule of the system: what an outcome does to its delivery. Pure; the only place where it is decided.
/// Whatever is not finished leaves a successor or goes back to the broker: no path forgets a job.
/// </summary>
public static class SettlementRules
{
    /// <summary>
    /// A job this close to its due time is run: less than the shortest step of the delay ladder.
    /// </summary>
    public static readonly TimeSpan DueTolerance = TimeSpan.FromMilliseconds(500);

    /// <summary>No job is delayed longer, whatever its handler wishes: ten years.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromDays(3650);

    /// <summary>After it a job is tried again whose work could not begin: long enough for others to end.</summary>
    public static readonly TimeSpan NotStartedDelay = TimeSpan.FromSeconds(5);

    /// <param name="job">The delivered job.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="context">The queue's and handler's settings, the time and the draw.</param>
    public static Settlement Decide(Job job, JobOutcome outcome, SettlementContext context) => outcome switch
    {
        JobOutcome.Succeeded => Settlement.Ack.Instance,
        JobOutcome.Failed failed => Retry(
            job, failed.Error, FailureReason.AttemptsExhausted, failed.RetryAfter, context),
        JobOutcome.TimedOut late => Retry(job, $"The run took longer than its timeout of {late.Limit}.",
            FailureReason.TimedOut, null, context),
        JobOutcome.NotRetryable hopeless => Bury(job, FailureReason.NotRetryable, hopeless.Error, job.Attempt, context),
        JobOutcome.NotStarted => Move(
            job with { DueAt = DueAfter(NotStartedDelay, context) },
            new Destination(context.Queue, Lane.Work, NotStartedDelay)),
        JobOutcome.UnknownType => Park(job, context),
        JobOutcome.NotDue => Delay(job, context),
        JobOutcome.LossNoted noted => Move(job with { WorkerLosses = noted.Losses }, new Destination(context.Queue)),
        JobOutcome.Quarantined => Move(job with { WorkerLosses = 0 }, new Destination(context.Queue, Lane.Quarantine)),
        JobOutcome.WorkerLost lost => Bury(job, FailureReason.WorkerLost,
            $"Its worker was lost {lost.Losses} times while this job ran alone.", job.Attempt, context),
        JobOutcome.Released when context.Lane == Lane.Quarantine =>
            // Brokers before RabbitMQ 4.3 count a requeue as a loss, and here losses are blame.
            Move(job, new Destination(context.Queue, Lane.Quarantine)),
        JobOutcome.Released => Settlement.Requeue.Instance,
        _ => throw new UnreachableException($"No rule for {outcome}."),
    };

    /// <summary>
    /// What is done instead of a move that the broker refused for good: a dead letter, or where that is refused, too,
    /// the broker's own dead-lettering. Null: nothing but another try.
    /// </summary>
    /// <param name="job">The delivered job.</param>
    /// <param name="refused">What was refused.</param>
    /// <param name="why">In the broker's words.</param>
    /// <param name="canBeRejected">The broker's own dead-lettering loses nothing here.</param>
    /// <param name="context">The queue's settings and the time.</param>
    public static Settlement? AfterRefusal(
        Job job, Settlement.Replace refused, string why, bool canBeRejected, SettlementContext context)
    {
        if (refused.Destination.Lane == Lane.Dead)
        {
            return canBeRejected ? Settlement.Reject.Instance : null;
        }

        return Bury(job, FailureReason.MoveRefused,
            $"The broker refused to take it to '{refused.Destination}'" +
            (refused.Destination.Delay > TimeSpan.Zero ? $" with a delay of {refused.Destination.Delay}" : "") +
            $": {why}", job.Attempt, context);
    }

    private static Settlement Retry(
        Job job, string error, FailureReason reason, TimeSpan? wish, SettlementContext context)
    {
        if (!context.Retry.AllowsAnother(job.Attempt))
        {
            return Bury(job, reason, error, job.Attempt, context);
        }

        var delay = Bounded(wish ?? context.Retry.DelayAfter(job.Attempt, context.Draw));
        return Move(
            job with
            {
                Attempt = job.Attempt + 1, WorkerLosses = 0, ParkedSince = null, DueAt = DueAfter(delay, context),
            },
            new Destination(context.Queue, Lane.Work, delay));
    }

    private static Settlement Park(Job job, SettlementContext context)
    {
        var since = job.ParkedSince ?? context.Now;
        var waited = context.Now - since;
        if (waited >= context.UnknownTypePatience)
        {
            return Bury(job, FailureReason.UnknownType,
                $"No worker knew the type '{job.Type}' for {context.UnknownTypePatience}.", job.Attempt - 1, context);
        }

        // A tenth of the time waited so far, between 1 s and 1 min: quick while a deploy rolls, cheap when it
        // does not.
        var delay = TimeSpan.FromSeconds(Math.Clamp(waited.TotalSeconds / 10, 1, 60));
        return Move(
            job with { ParkedSince = since, DueAt = DueAfter(delay, context) },
            new Destination(context.Queue, Lane.Work, delay));
    }

    private static Settlement Delay(Job job, SettlementContext context)
    {
        var remaining = (job.DueAt ?? context.Now) - context.Now;
        return Move(job, new Destination(context.Queue, Lane.Work, remaining > TimeSpan.Zero ? remaining : default));
    }

    private static Settlement Bury(
        Job job, FailureReason reason, string error, int attempts, SettlementContext context)
    {
        var failure = new JobFailure(reason, Cut(error), attempts, context.Queue, context.Worker, context.Now);
        return Move(
            job with { Failure = failure, DueAt = null, ParkedSince = null },
            new Destination(context.Queue, Lane.Dead));
    }

    /// <summary>
    /// At most as long as a failure may be, and never through the middle of a surrogate pair.
    /// </summary>
    private static string Cut(string error)
    {
        if (error.Length <= JobFailure.MaxErrorLength)
        {
            return error;
        }

        var length = JobFailure.MaxErrorLength;
        return error[..(char.IsHighSurrogate(error[length - 1]) ? length - 1 : length)];
    }

    /// <summary>A handler may wish for any time span; a date must come of it.</summary>
    private static TimeSpan Bounded(TimeSpan delay) =>
        delay < TimeSpan.Zero ? TimeSpan.Zero : delay > LongestDelay ? LongestDelay : delay;

    private static Settlement.Replace Move(Job job, Destination destination) =>
        new(job with { Epoch = job.Epoch + 1, Origin = JobOrigin.Ours, IdWasGiven = false }, destination);

    private static DateTimeOffset? DueAfter(TimeSpan delay, SettlementContext context) =>
        delay > TimeSpan.Zero ? context.Now + delay : null;
}

/// <summary>What <see cref="SettlementRules"/> must know beside the job and its outcome.</summary>
/// <param name="Queue">The work queue the job belongs to (not the lane it came from).</param>
/// <param name="Lane">The lane it came from.</param>
/// <param name="Worker">This process, in words, for the dead letter.</param>
/// <param name="Retry">The handler's retry policy.</param>
/// <param name="UnknownTypePatience">How long a job of an unknown type waits for a worker that knows
/// it.</param>
/// <param name="Now">The time.</param>
/// <param name="Draw">For the jitter: 0 (inclusive) to 1 (exclusive).</param>
public readonly record struct SettlementContext(
    string Queue,
    Lane Lane,
    string Worker,
    RetryPolicy Retry,
    TimeSpan UnknownTypePatience,
    DateTimeOffset Now,
    double Draw);
