using JobSystem.Chaos.Fleets;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>Whom a fault of processes hits: drawn among those that live and take part now.</summary>
internal static class Victim
{
    /// <exception cref="FaultException">Nobody lives.</exception>
    public static IFleetProcess Worker(Lab lab) => Draw(lab.Fleet.Workers, lab.Random, "worker");

    /// <exception cref="FaultException">Nobody lives.</exception>
    public static IFleetProcess Producer(Lab lab) => Draw(lab.Fleet.Producers, lab.Random, "producer");

    public static string Describe(IFleetProcess process) => $"{process.Name} (process {process.Pid})";

    private static IFleetProcess Draw(IReadOnlyList<IFleetProcess> alive, Random random, string kind) =>
        alive.Count > 0 ? alive[random.Next(alive.Count)] : throw new FaultException($"No {kind} is alive.");
}
