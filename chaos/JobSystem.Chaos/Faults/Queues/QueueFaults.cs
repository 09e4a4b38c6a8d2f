namespace JobSystem.Chaos.Faults.Queues;

/// <summary>The faults of the run's queue: what an operator, or a policy, does to it.</summary>
internal static class QueueFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
        [QueuePurge.Kind, QueueDelete.Kind, RejectPublish.Kind, DeliveryLimit.Kind, ConsumerTimeout.Kind];
}
