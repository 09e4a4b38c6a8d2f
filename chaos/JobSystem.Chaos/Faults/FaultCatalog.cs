using JobSystem.Chaos.Faults.Brokers;
using JobSystem.Chaos.Faults.Network;
using JobSystem.Chaos.Faults.Queues;
using JobSystem.Chaos.Faults.Workers;

namespace JobSystem.Chaos.Faults;

/// <summary>Every kind of fault by name.</summary>
public static class FaultCatalog
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        ProcessKill.WorkerKind, ProcessKill.ProducerKind, WorkerPause.Kind, WorkerTerm.Kind,
        HandlerFailure.ThrowKind, HandlerFailure.HangKind, HandlerFailure.ExitKind, ActorCrash.Kind,
        .. NetworkFaults.All, .. BrokerFaults.All, .. QueueFaults.All,
    ];

    /// <summary>Null: there is none of that name.</summary>
    public static FaultKind? Find(string name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.Ordinal));
}
