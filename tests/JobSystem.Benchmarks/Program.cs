using JobSystem.Benchmarks;

switch (args)
{
    case ["throughput", var uri, .. var rest]:
        await ThroughputBenchmark.RunAsync(uri, rest.Length > 0 ? int.Parse(rest[0]) : 40_000, rest.Length > 1 ? int.Parse(rest[1]) : 5);
        return 0;
    default:
        Console.Error.WriteLine("usage: kernel | throughput BROKER-URI [JOBS [ROUNDS]]");
        return 2;
}
