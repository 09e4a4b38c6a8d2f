using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The broker, or one node of a cluster, freezes with its connections open: nobody answers and nobody hangs up. Shorter
/// than the heartbeat it is only late; longer, clients give it up. Proven by its silence.
/// </summary>
internal sealed class BrokerPause(FaultContext context, NodeVictim victim, TimeSpan duration)
    : NodeFault(context, victim, duration)
{
    public static FaultKind Kind { get; } = new(
        "broker-pause",
        "The broker freezes with its connections open, then resumes.",
        [
            FaultSetting.Duration("for", "5s", "How long. Clients give up after two heartbeats."),
            NodeVictim.Setting("any"),
        ],
        TargetPowers.Pause,
        static (arguments, context) =>
            new BrokerPause(context, NodeVictim.Choose(arguments, context), arguments.Duration("for")));

    public static FaultKind NodeKind { get; } = new(
        "node-pause",
        "One node of a cluster freezes with its connections open, then resumes.",
        [
            FaultSetting.Duration("for", "15s", "How long. The others elect a new leader after some 7 s."),
            NodeVictim.Setting("leader"),
        ],
        TargetPowers.Pause | TargetPowers.Cluster,
        static (arguments, context) =>
            new BrokerPause(context, NodeVictim.Choose(arguments, context), arguments.Duration("for")));

    protected override Task BreakAsync(int node, CancellationToken cancel) => Target.PauseAsync(node, cancel);

    protected override Task MendAsync(int node, CancellationToken cancel) => Target.UnpauseAsync(node, cancel);
}
