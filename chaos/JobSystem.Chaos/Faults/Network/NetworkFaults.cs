namespace JobSystem.Chaos.Faults.Network;

/// <summary>Every fault that a proxy of ours brings about, in the order of their names.</summary>
internal static class NetworkFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        AckSwallow.Kind, ChannelClose.Kind, ConfirmSwallow.Kind, ConsumerCancel.Kind, NetBandwidth.Kind,
        NetCutFrame.Kind, NetIdleReset.Kind, NetLatency.Kind, NetOneWay.Kind, NetRefuse.Kind, NetReset.Kind,
        NetSlice.Kind, NetStall.Kind,
    ];
}
