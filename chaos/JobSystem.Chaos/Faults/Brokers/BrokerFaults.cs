namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>The faults of the broker itself and of what its operator does to connections.</summary>
internal static class BrokerFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        BrokerRestart.Kind, BrokerKill.Kind, BrokerPause.Kind, BrokerStopApp.Kind, BrokerForget.Kind,
        RollingRestart.Kind,
        BrokerKill.NodeKind, BrokerPause.NodeKind, NodeCut.Kind, LeaderMove.Kind,
        ResourceAlarm.MemoryKind, ResourceAlarm.DiskKind, ConnectionClose.Kind, PermissionsRevoke.Kind,
    ];
}
