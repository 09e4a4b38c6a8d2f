using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>The network gets narrow: each connection has so many bytes a second.</summary>
internal sealed class NetBandwidth(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"),
    () => new Bandwidth(arguments.Direction(), arguments.Number("rate") * 1000))
{
    public static FaultKind Kind { get; } = new(
        "net-bandwidth",
        "The bandwidth of every connection of a process is limited.",
        [
            NetworkTerms.For("5s"), NetworkTerms.Who("any"), NetworkTerms.Towards("both"),
            FaultSetting.Whole("rate", "64", "Kilobytes a second, for each connection and direction.", least: 1),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetBandwidth(context, arguments));

    protected override string Effect => "bytes went slowly";
}
