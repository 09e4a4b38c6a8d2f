using JobSystem.Chaos.Fleets;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>Whom a fault of processes hits: drawn among those that live and take part now.</summary>
internal static class Victim
{
    /// <exception cref="FaultException">Nobody lives who is not under a fault already.</exception>
    public static IFleetProcess Worker(FaultContext context) => Draw(context.Fleet.Workers, context, "worker");

    /// <exception cref="FaultException">Nobody lives who is not under a fault already.</exception>
    /// <exception cref="NoOccasionException">All have done their work.</exception>
    public static IFleetProcess Producer(FaultContext context) => context.Fleet.AreProducersDone
        ? throw new NoOccasionException("Every producer has enqueued all its jobs.")
        : Draw(context.Fleet.Producers, context, "producer");

    public static string Describe(IFleetProcess process) => $"{process.Name} (process {process.Pid})";

    /// <summary>Null: nobody who is fit lives and is not under a fault already.</summary>
    public static IFleetProcess? FindWorker(FaultContext context, Predicate<IFleetProcess> isFit) =>
        Find(context.Fleet.Workers, context, isFit);

    private static IFleetProcess Draw(IReadOnlyList<IFleetProcess> alive, FaultContext context, string kind) =>
        Find(alive, context, static _ => true)
        ?? throw new FaultException($"No {kind} is alive and free of other faults.");

    private static IFleetProcess? Find(
        IReadOnlyList<IFleetProcess> alive, FaultContext context, Predicate<IFleetProcess> isFit)
    {
        var order = alive.Where(process => process.TakesSignals).ToArray();
        context.Random.Shuffle(order);
        return Array.Find(order, process => isFit(process) && context.Claims.TryTake(process.Name, context.Claimant));
    }
}
