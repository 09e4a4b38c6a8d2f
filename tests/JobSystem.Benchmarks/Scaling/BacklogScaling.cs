using System.Diagnostics;
using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Throughput;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>The head of a queue is consumed by one worker process, and by the plain client, with ever more jobs behind
/// it.</summary>
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
        var turns = backlogs.SelectMany(backlog => new Turn<Run>[]
        {
            new($"{backlog.Depth:N0}, JobSystem", _ => RunAsync(ground, worker, filler, backlog.Queue, jobs)),
            new($"{backlog.Depth:N0}, plain", _ => RunPlainAsync(ground, filler, backlog.Queue, jobs)),
        });
        var runs = await Turns.TakeAsync(bench, "waiting jobs", rounds, [.. turns]);
        foreach (var backlog in backlogs)
        {
            await ground.Broker.DeleteAsync(backlog.Queue);
        }

        return TableOf(backlogs, runs);
    }

    private static TextTable TableOf(List<Backlog> backlogs, IReadOnlyList<IReadOnlyList<Run>> runs)
    {
        var table = new TextTable("", "JobSystem, jobs/s (min to max)", "to none waiting", "plain client, jobs/s",
            "to none waiting", "memory of the worker", "of the broker, with this and all rows above");
        for (var index = 0; index < backlogs.Count; index++)
        {
            var (ours, plain) = (runs[2 * index], runs[2 * index + 1]);
            table.Add(
                $"{backlogs[index].Depth:N0} waiting",
                Spread.Of(ours, run => run.Rate).Say(Words.Rate),
                Words.Ratio(Spread.Ratios(ours, runs[0], run => run.Rate).Median),
                Spread.Of(plain, run => run.Rate).Say(Words.Rate),
                Words.Ratio(Spread.Ratios(plain, runs[1], run => run.Rate).Median),
                Words.Bytes(Spread.Of(ours, run => run.Memory).Median),
                backlogs[index].BrokerMemory is { } memory ? Words.Bytes(memory) : "–");
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

    private static async Task<Run> RunPlainAsync(Ground ground, SeamClient filler, string queue, int jobs)
    {
        var rate = await PlainHead.RunAsync(ground.Broker.Uri, queue, jobs, ground.Bench.Cancel);
        await filler.FillAsync(queue, jobs, ScalingPart.Body, ground.Bench.Cancel);
        return new Run(rate, 0);
    }

    private sealed record Backlog(string Queue, int Depth, double? BrokerMemory);

    private sealed record Run(double Rate, double Memory);
}
