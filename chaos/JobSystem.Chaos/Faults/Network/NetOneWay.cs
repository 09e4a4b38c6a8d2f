using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// A half-open connection: one side is heard, the other is not. To the client: acks arrive, deliveries and confirms do
/// not. A stream of bytes with a hole could not heal, so the direction stands still, and nothing is lost.
/// </summary>
internal sealed class NetOneWay(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"),
    () => new Stall(arguments.Choice("direction") == "to-broker"
        ? Direction.ToBroker
        : Direction.ToClient))
{
    public static FaultKind Kind { get; } = new(
        "net-one-way",
        "One direction of the traffic stops for a while; the other goes on.",
        [
            NetworkTerms.For("3s"), NetworkTerms.Who("any"),
            FaultSetting.Choice(
                "direction", "to-client", "What stands still: to-broker or to-client.", "to-broker", "to-client"),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetOneWay(context, arguments));

    protected override string Effect => "bytes stood still on the one way";
}
