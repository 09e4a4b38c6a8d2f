using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Undoing;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// The run's queue counts as full: what is published is nacked. By a policy of its own with a tiny
/// <c>max-length</c> and <c>overflow: reject-publish</c>, which drops nothing that is there. As long as more jobs are
/// ready than that, every publish is nacked; a queue that its workers keep empty takes one now and then.
/// Proven by the policy that the queue says it is under.
/// </summary>
internal sealed class RejectPublish(Lab lab, int most, TimeSpan duration) : Fault
{
    public static FaultKind Kind { get; } = new(
        "reject-publish",
        "The run's queue counts as full: the broker nacks what is published.",
        [
            new FaultSetting("for", "5s", "How long."),
            new FaultSetting("max-length", "0", "How many ready jobs it takes before it is full."),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, lab) =>
            new RejectPublish(lab, arguments.Number("max-length"), arguments.Duration("for")));

    public override string Victim => $"publishes to {lab.Queue}";

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Undo> Undo => [lab.ClearPolicyUndo()];

    public override Task InjectAsync(CancellationToken cancel) =>
        lab.SetPolicyAsync($$"""{"max-length":{{most}},"overflow":"reject-publish"}""", cancel);

    public override Task<string> ProveAsync(CancellationToken cancel) => lab.PolicySeenAsync(isThere: true, cancel);

    public override async Task HealAsync(CancellationToken cancel)
    {
        await lab.ClearPolicyAsync(cancel);
        await lab.PolicySeenAsync(isThere: false, cancel);
    }
}
