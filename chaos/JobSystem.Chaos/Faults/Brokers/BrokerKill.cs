using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// SIGKILL to the broker, or to one node of a cluster, and a start. What was confirmed stays (the disk's cache is the
/// kernel's and survives), but for a quorum queue younger than about a second on a single node, which the broker
/// itself loses. Proven by its silence.
/// </summary>
internal sealed class BrokerKill(FaultContext context, NodeVictim victim, TimeSpan down)
    : NodeFault(context, victim, down)
{
    public static FaultKind Kind { get; } = new(
        "broker-kill",
        "The broker is killed (SIGKILL) and started again.",
        [FaultSetting.Duration("down", "0s", "How long it stays down."), NodeVictim.Setting("any")],
        TargetPowers.Kill,
        static (arguments, context) =>
            new BrokerKill(context, NodeVictim.Choose(arguments, context), arguments.Duration("down")));

    public static FaultKind NodeKind { get; } = new(
        "node-kill",
        "One node of a cluster is killed (SIGKILL), stays away a while and comes back.",
        [FaultSetting.Duration("for", "10s", "How long it stays down."), NodeVictim.Setting("leader")],
        TargetPowers.Kill | TargetPowers.Cluster,
        static (arguments, context) =>
            new BrokerKill(context, NodeVictim.Choose(arguments, context), arguments.Duration("for")));

    protected override Task BreakAsync(int node, CancellationToken cancel) => Target.KillAsync(node, cancel);

    protected override Task MendAsync(int node, CancellationToken cancel) => Target.StartAsync(node, cancel);
}
