using JobSystem.Benchmarks;

switch (args)
{
    case ["kernel"]:
        return await KernelBenchmarks.RunAsync();
    case ["throughput", var uri, .. var rest]:
        var jobs = rest.Length > 0 ? int.Parse(rest[0]) : 40_000;
        var rounds = rest.Length > 1 ? int.Parse(rest[1]) : 5;
        await ThroughputBenchmark.RunAsync(uri, jobs, rounds);
        return 0;
    case ["sqlite", .. var parts]:
        await SqliteBenchmark.RunAsync(parts.FirstOrDefault());
        return 0;
    default:
        Console.Error.WriteLine("usage: kernel | throughput BROKER-URI [JOBS [ROUNDS]] | " +
            "sqlite [inserts | life | claims | waking]");
        return 2;
}
