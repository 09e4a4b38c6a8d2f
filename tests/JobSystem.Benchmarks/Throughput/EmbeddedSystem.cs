using JobSystem.Benchmarks.Measuring;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>The whole job system on the embedded broker: a file that is new for each run.</summary>
internal sealed class EmbeddedSystem() : Contender("embedded", "JobSystem, embedded broker")
{
    public override bool UsesBroker => false;

    public override async Task<Usage> RunAsync(Load load, Ground ground)
    {
        var folder = ground.Bench.NewPath("embedded");
        Directory.CreateDirectory(folder);
        var usage = await WholeSystem.RunAsync(
            load, "bench", new Race(load, null, ground.Bench.Cancel),
            new JobSystemBuilder().UseSqlite(Path.Combine(folder, "jobs.db")));
        Directory.Delete(folder, recursive: true);
        return usage;
    }
}
