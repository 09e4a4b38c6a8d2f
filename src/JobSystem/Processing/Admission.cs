using JobSystem.Handlers;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// What is done with a delivery that is neither running nor finished here, before its handler is thought of. Pure.
/// Null: run it.
/// </summary>
internal static class Admission
{
    /// <summary>Losses after which a job is isolated. The first is forgiven: workers die for many reasons.</summary>
    public const int ForgivenLosses = 1;

    public static JobOutcome? Decide(
        Delivery delivery, Lane lane, HandlerBinding? binding, int maxWorkerLosses, DateTimeOffset now)
    {
        if (delivery.Job.Unreadable is { } why)
        {
            return new JobOutcome.NotRetryable(why);
        }

        if (lane == Lane.Quarantine)
        {
            // A worker takes one job of the quarantine at a time: the one that was lost is the one that ran.
            var losses = delivery.Losses ?? (delivery.Redelivered ? 1 : 0);
            if (losses >= maxWorkerLosses)
            {
                return new JobOutcome.WorkerLost(losses);
            }
        }
        else if (delivery.Losses > ForgivenLosses)
        {
            return JobOutcome.Quarantined.Instance;
        }
        else if (delivery is { Losses: null, Redelivered: true })
        {
            // A classic queue marks what comes again and does not count: the message itself must.
            var losses = delivery.Job.WorkerLosses + 1;
            return losses > ForgivenLosses ? JobOutcome.Quarantined.Instance : new JobOutcome.LossNoted(losses);
        }

        if (delivery.Job.DueAt is { } due && due - now > SettlementRules.DueTolerance)
        {
            return JobOutcome.NotDue.Instance;
        }

        return binding is null ? JobOutcome.UnknownType.Instance : null;
    }
}
