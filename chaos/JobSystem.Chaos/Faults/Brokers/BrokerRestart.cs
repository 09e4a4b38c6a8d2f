using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The broker is stopped as an operator stops it and started again: connections end with 320, what was stored stays.
/// Proven by its silence.
/// </summary>
internal sealed class BrokerRestart(FaultContext context, NodeVictim victim, TimeSpan down)
    : NodeFault(context, victim, down)
{
    public static FaultKind Kind { get; } = new(
        "broker-restart",
        "The broker is stopped in order and started again.",
        [FaultSetting.Duration("down", "0s", "How long it stays down."), NodeVictim.Setting("any")],
        TargetPowers.Restart,
        static (arguments, context) =>
            new BrokerRestart(context, NodeVictim.Choose(arguments, context), arguments.Duration("down")));

    protected override Task BreakAsync(int node, CancellationToken cancel) => Target.StopAsync(node, cancel);

    protected override Task MendAsync(int node, CancellationToken cancel) => Target.StartAsync(node, cancel);
}
