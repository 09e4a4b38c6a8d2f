using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// For a while the run's quorum queue gives a job away only so many times: what comes back more often (its worker died,
/// its connection was lost) is dead-lettered by the broker, whatever limit the queue was declared with. It does nothing
/// by itself: it makes what kills workers and connections meanwhile worse. A queue without a dead-letter exchange
/// drops jobs then.
/// </summary>
internal sealed class DeliveryLimit(FaultContext context, int limit, TimeSpan duration)
    : PolicyFault(context, $$"""{"delivery-limit":{{limit}}}""", duration)
{
    public static FaultKind Kind { get; } = new(
        "delivery-limit",
        "The run's quorum queue has a low delivery limit for a while.",
        [
            FaultSetting.Duration("for", "20s", "How long."),
            FaultSetting.Whole("limit", "2", "How many times a job may come back."),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, context) =>
            new DeliveryLimit(context, arguments.Number("limit"), arguments.Duration("for")));

    public override string Victim => $"jobs of {Queue} that come back";
}
