using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// The run's queue counts as full: what is published is nacked. By a policy of its own with a tiny
/// <c>max-length</c> and <c>overflow: reject-publish</c>, which drops nothing that is there. As long as more jobs are
/// ready than that, every publish is nacked; a queue that its workers keep empty takes one now and then.
///
/// </summary>
internal sealed class RejectPublish(FaultContext context, int most, TimeSpan duration)
    : PolicyFault(context, $$"""{"max-length":{{most}},"overflow":"reject-publish"}""", duration)
{
    public static FaultKind Kind { get; } = new(
        "reject-publish",
        "The run's queue counts as full: the broker nacks what is published.",
        [
            FaultSetting.Duration("for", "5s", "How long."),
            FaultSetting.Whole("max-length", "0", "How many ready jobs it takes before it is full."),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, context) =>
            new RejectPublish(context, arguments.Number("max-length"), arguments.Duration("for")));

    public override string Victim => $"publishes to {Queue}";
}
