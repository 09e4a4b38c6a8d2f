using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>The whole job system on the embedded broker: a file that is new for each run.</summary>
internal sealed class EmbeddedSystem() : Contender("embedded", "JobSystem, embedded broker")
{
    public override bool UsesBroker => false;

    public override Task<Usage> RunAsync(Load load, Ground ground) => RunAsync(load, ground.Bench);

    /// <summary>The same without a broker.</summary>
    public static async Task<Usage> RunAsync(Load load, Bench bench)
    {
        var folder = bench.NewPath("embedded");
        Directory.CreateDirectory(folder);
        var usage = await WholeSystem.RunAsync(
            load, "bench", new Race(load, null, bench.Cancel),
            new JobSystemBuilder().UseSqlite(Path.Combine(folder, "jobs.db")));
        Directory.Delete(folder, recursive: true);
        return usage;
    }
}
