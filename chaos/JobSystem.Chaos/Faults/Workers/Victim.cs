using JobSystem.Chaos.Fleets;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>Whom a fault of processes hits: drawn among those that live and take part now.</summary>
internal static class Victim
{
    /// <exception cref="FaultException">Nobody lives who is not under a fault already.</exception>
    public static IFleetProcess Worker(FaultContext lab) => Draw(lab.Fleet.Workers, lab, "worker");

    /// <exception cref="FaultException">Nobody lives who is not under a fault already.</exception>
    /// <exception cref="NoOccasionException">All have done their work.</exception>
    public static IFleetProcess Producer(FaultContext lab) => lab.Fleet.AreProducersDone
        ? throw new NoOccasionException("Every producer has enqueued all its jobs.")
        : Draw(lab.Fleet.Producers, lab, "producer");

    public static string Describe(IFleetProcess process) => $"{process.Name} (process {process.Pid})";

    /// <summary>Null: nobody who is fit lives and is not under a fault already.</summary>
    public static IFleetProcess? FindWorker(FaultContext lab, Predicate<IFleetProcess> isFit) =>
        Find(lab.Fleet.Workers, lab, isFit);

    private static IFleetProcess Draw(IReadOnlyList<IFleetProcess> alive, FaultContext lab, string kind) =>
        Find(alive, lab, static _ => true)
        ?? throw new FaultException($"No {kind} is alive and free of other faults.");

    private static IFleetProcess? Find(
        IReadOnlyList<IFleetProcess> alive, FaultContext lab, Predicate<IFleetProcess> isFit)
    {
        var order = alive.Where(process => process.TakesSignals).ToArray();
        lab.Random.Shuffle(order);
        return Array.Find(order, process => isFit(process) && lab.Claims.TryTake(process.Name, lab.Claimant));
    }
}
