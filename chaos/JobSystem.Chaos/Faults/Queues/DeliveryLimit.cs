using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Undoing;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// For a while the run's quorum queue gives a job away only so many times: what comes back more often (its worker died,
/// its connection was lost) is dead-lettered by the broker, whatever limit the queue was declared with. It does nothing
/// by itself: it makes what kills workers and connections meanwhile worse. A queue without a dead-letter exchange
/// drops jobs then. Proven by the policy that the queue says it is under.
/// </summary>
internal sealed class DeliveryLimit(Lab lab, int limit, TimeSpan duration) : Fault
{
    public static FaultKind Kind { get; } = new(
        "delivery-limit",
        "For a while the run's quorum queue gives a job away only so many times.",
        [
            new FaultSetting("for", "20s", "How long."),
            new FaultSetting("limit", "2", "How many times a job may come back."),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, lab) => new DeliveryLimit(lab, arguments.Number("limit"), arguments.Duration("for")));

    public override string Victim => $"jobs of {lab.Queue} that come back";

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Undo> Undo => [lab.ClearPolicyUndo()];

    public override Task InjectAsync(CancellationToken cancel) =>
        lab.SetPolicyAsync($$"""{"delivery-limit":{{limit}}}""", cancel);

    public override Task<string> ProveAsync(CancellationToken cancel) => lab.PolicySeenAsync(isThere: true, cancel);

    public override async Task HealAsync(CancellationToken cancel)
    {
        await lab.ClearPolicyAsync(cancel);
        await lab.PolicySeenAsync(isThere: false, cancel);
    }
}
