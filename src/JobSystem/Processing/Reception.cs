using JobSystem.Handlers;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// What is done with a delivery that is neither running nor finished here, before its handler is thought of. Pure.
/// Null: run it.
/// </summary>
internal static class Reception
{
    /// <summary>
    /// Losses after which a counted job is isolated. The first is forgiven: workers die for many reasons.
    /// </summary>
    public const int ForgivenLosses = 1;

    public static JobOutcome? Decide(
        Delivery delivery, Lane lane, HandlerBinding? binding, int maxWorkerLosses, DateTimeOffset now)
    {
        if (lane == Lane.Suspects)
        {
            // A worker takes one suspect at a time, so a lost suspect was the one that ran: the blame is exact.
            var losses = delivery.Losses ?? (delivery.Redelivered ? 1 : 0);
            if (losses >= maxWorkerLosses)
            {
                return new JobOutcome.WorkerLost(losses);
            }
        }
        else if (delivery.Losses is { } counted ? counted > ForgivenLosses : delivery.Redelivered)
        {
            // A classic queue does not count: what comes again is isolated at once, the suspects' lane counts.
            return JobOutcome.Suspected.Instance;
        }

        if (delivery.Job.DueAt is { } due && due - now > SettlementRules.DueTolerance)
        {
            return JobOutcome.NotDue.Instance;
        }

        return binding is null ? JobOutcome.UnknownType.Instance : null;
    }
}
