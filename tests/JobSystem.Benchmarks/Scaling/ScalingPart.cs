using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Throughput;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>How throughput and memory grow with the worker processes, and with the jobs that wait.</summary>
internal sealed class ScalingPart() : Part(
    "scaling", "1 to 8 worker processes; 0 to 1 M waiting jobs (100 k with --quick)")
{
    private const int Rounds = 5;

    public const int Slots = 256;

    public static byte[] Body { get; } = new byte[200];

    public override bool HasGoals => false;

    public override async Task<Section> RunAsync(Bench bench)
    {
        var (ground, rounds) = (await Ground.OfAsync(bench), bench.Effort.Rounds(Rounds));
        var section = new Section("Scaling",
            $"No-op jobs of {Body.Length} B, enqueued before, are consumed from a quorum queue by processes with " +
            $"{Slots} slots each; {rounds} rounds by turns. The rate is counted from the begin of the first job to " +
            "the end of the last. Memory is resident (RSS), measured after the runs. All processes share this " +
            "machine with the broker.");
        section.Tables.Add(("worker processes", await ProcessScaling.MeasureAsync(ground, rounds)));
        section.Tables.Add(("jobs waiting behind those that are consumed", await BacklogScaling.MeasureAsync(
            ground, rounds)));
        return section;
    }
}
