using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>Bytes arrive in crumbs: every reader of frames must go on where it stopped.</summary>
internal sealed class NetSlice(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"),
    () => new Slices(arguments.Direction(), arguments.Number("largest")))
{
    public static FaultKind Kind { get; } = new(
        "net-slice",
        "Data arrives in pieces of a few bytes.",
        [
            NetworkTerms.For("3s"), NetworkTerms.Who("any"), NetworkTerms.Towards("both"),
            FaultSetting.Whole("largest", "8", "Bytes of a piece, at most.", least: 1),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetSlice(context, arguments));

    protected override string Effect => "pieces were sent";
}
