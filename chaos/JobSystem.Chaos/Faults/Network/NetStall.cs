using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// The cable is pulled and put back: nothing moves in either direction, then all goes on and no byte is missing.
/// Longer than the heartbeat, and both sides give the connection up.
/// </summary>
internal sealed class NetStall(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"), static () => new Stall(Direction.Both))
{
    public static FaultKind Kind { get; } = new(
        "net-stall",
        "All traffic stops for a while, then goes on; no byte is lost.",
        [NetworkTerms.For("3s"), NetworkTerms.Who("any")],
        TargetPowers.Amqp,
        static (arguments, context) => new NetStall(context, arguments));

    protected override string Effect => "bytes stood still";
}
