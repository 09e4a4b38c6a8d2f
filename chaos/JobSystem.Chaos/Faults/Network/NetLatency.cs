using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>The network gets slow: what is said arrives later, by a jitter that is drawn, in its order.</summary>
internal sealed class NetLatency(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"),
    () => new Latency(arguments.Direction(), arguments.Duration("latency"), arguments.Duration("jitter")))
{
    public static FaultKind Kind { get; } = new(
        "net-latency",
        "Traffic between clients and broker is delayed, with jitter.",
        [
            NetworkTerms.For("5s"), NetworkTerms.Who("any"), NetworkTerms.Towards("both"),
            FaultSetting.Duration("latency", "50ms", "How late, each way."),
            FaultSetting.Duration("jitter", "50ms", "How much later at most."),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetLatency(context, arguments));

    protected override string Effect => "bytes came late";
}
