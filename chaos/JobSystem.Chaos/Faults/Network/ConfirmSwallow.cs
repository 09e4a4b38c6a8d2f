using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// The broker's confirms get lost on their way to a producer: the jobs are stored, and the producer cannot know. It
/// has to give them up as unknown when their deadline is over. They stay lost when the fault has healed: a later
/// confirm of many is told without them, so nobody is saved by luck.
/// </summary>
internal sealed class ConfirmSwallow(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"),
    () => new LostAcks(Direction.ToClient, arguments.Number("after"), Count(arguments)))
{
    public static FaultKind Kind { get; } = new(
        "confirm-swallow",
        "Confirms of stored jobs do not reach the producer.",
        [
            NetworkTerms.For("3s"), NetworkTerms.Who("producer"),
            FaultSetting.Whole("after", "0", "So many arrive before."),
            FaultSetting.Whole("count", "0", "So many are lost, whatever the time; 0: all."),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new ConfirmSwallow(context, arguments));

    protected override string Effect => "confirms were swallowed";

    public static int Count(FaultArguments arguments) =>
        arguments.Number("count") is > 0 and var count ? count : int.MaxValue;
}
