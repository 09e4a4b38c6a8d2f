namespace JobSystem.Chaos.Reports;

/// <summary>What the name of a life of a process says: histories tell of producers and workers alike.</summary>
internal static class Lives
{
    public static bool IsProducer(string life) => life.StartsWith("producer-", StringComparison.Ordinal);
}
