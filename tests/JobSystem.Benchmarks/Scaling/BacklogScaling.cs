using System.Diagnostics;
using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Throughput;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>The head of a queue is consumed by one process, with ever more jobs behind it.</summary>
internal static class BacklogScaling
{
    private const int Jobs = 20_000;

    public static async Task<TextTable> MeasureAsync(Ground ground, int rounds)
    {
        var bench = ground.Bench;
        int[] depths = bench.Effort.IsQuick ? [0, 2_500, 25_000, 100_000] : [0, 10_000, 100_000, 1_000_000];
        var jobs = bench.Effort.Jobs(Jobs);
        await using var filler = await ground.Broker.OpenAsync();
        var backlogs = new List<Backlog>();
        foreach (var depth in depths)
        {
            bench.Live.Step($"waiting jobs: {depth:N0} are enqueued");
            var queue = ground.Broker.NewQueue();
            await ground.Broker.DeclareAsync(queue, QueueKind.Quorum);
            await filler.FillAsync(queue, depth + jobs, ScalingPart.Body, bench.Cancel);
            backlogs.Add(new Backlog(queue, depth, ground.Gauge?.Memory));
        }

        await using var worker = WorkerChild.Start(ground.Broker.Uri);
        var runs = await Turns.TakeAsync(bench, "waiting jobs", rounds, [.. backlogs.Select(backlog => new Turn<Run>(
            $"{backlog.Depth:N0}", _ => RunAsync(ground, worker, filler, backlog.Queue, jobs)))]);
        foreach (var backlog in backlogs)
        {
            await ground.Broker.DeleteAsync(backlog.Queue);
        }

        return TableOf(backlogs, runs);
    }

    private static TextTable TableOf(List<Backlog> backlogs, IReadOnlyList<IReadOnlyList<Run>> runs)
    {
        var table = new TextTable("", "jobs/s from the head (min to max)", "ratio to none waiting",
            "memory of the worker", "of the broker, with this and all rows above");
        foreach (var (backlog, measured) in backlogs.Zip(runs))
        {
            table.Add(
                $"{backlog.Depth:N0} waiting",
                Spread.Of(measured, run => run.Rate).Say(Words.Rate),
                Words.Ratio(Spread.Ratios(measured, runs[0], run => run.Rate).Median),
                Words.Bytes(Spread.Of(measured, run => run.Memory).Median),
                backlog.BrokerMemory is { } memory ? Words.Bytes(memory) : "–");
        }

        return table;
    }

    // What was taken is put back behind: as many wait in the next round.
    private static async Task<Run> RunAsync(
        Ground ground, WorkerChild worker, SeamClient filler, string queue, int jobs)
    {
        var cancel = ground.Bench.Cancel;
        await worker.RunAsync(queue, ScalingPart.Slots, jobs, cancel);
        var reports = await WorkerChild.AwaitAsync([worker], all => all[0].Finished >= jobs, cancel);
        var memory = worker.Gauge.Memory;
        var stopped = await worker.StopAsync(cancel);
        await filler.FillAsync(queue, stopped.Finished, ScalingPart.Body, cancel);
        var took = Stopwatch.GetElapsedTime(reports[0].FirstAt, reports[0].LastAt);
        return new Run(jobs / took.TotalSeconds, memory);
    }

    private sealed record Backlog(string Queue, int Depth, double? BrokerMemory);

    private sealed record Run(double Rate, double Memory);
}
