using System.Text.Json;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;

namespace JobSystem.Chaos.Systems;

/// <summary>What a worker or producer process must know; a file in the run's folder. No secrets: the broker's URI
/// comes by the environment.</summary>
internal sealed record SystemSettings
{
    public const string FileName = "settings.json";

    public required int Seed { get; init; }

    /// <summary>Part of the id of each job.</summary>
    public string Run { get; init; } = "";

    public required string LedgerFolder { get; init; }

    public required FleetPlan Fleet { get; init; }

    public required WorkloadPlan Workload { get; init; }

    public required SystemPlan SystemUnderTest { get; init; }

    /// <summary>
    /// Collects garbage every 4 MB, not when the processor's cache is full, which may be hundreds: what memory grows by
    /// is then what is kept, from the first minute on.
    /// </summary>
    public bool IsSoak { get; init; }

    /// <summary>The first queue: plain subjects know no other.</summary>
    public string Queue => Workload.Queues[0].Name;

    public void Save(string folder) =>
        WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));

    public static SystemSettings Load(string folder) =>
        JsonSerializer.Deserialize<SystemSettings>(File.ReadAllText(Path.Combine(folder, FileName)))
            ?? throw new FormatException($"{FileName} in {folder} is empty.");
}
