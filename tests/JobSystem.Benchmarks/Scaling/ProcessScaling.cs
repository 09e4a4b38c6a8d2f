using System.Diagnostics;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Throughput;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>One queue, emptied by 1 to 8 processes. All are started and warmed up before; a turn uses some of them.
/// </summary>
internal static class ProcessScaling
{
    private const int Jobs = 40_000;
    private const int WarmUpJobs = 2_000;
    private static readonly int[] _counts = [1, 2, 4, 8];

    public static async Task<TextTable> MeasureAsync(Ground ground, int rounds)
    {
        var (bench, workers) = (ground.Bench, new List<WorkerChild>());
        try
        {
            workers.AddRange(Enumerable.Range(0, _counts[^1]).Select(_ => WorkerChild.Start(ground.Broker.Uri)));
            bench.Live.Step("processes: warm-up");
            await RunAsync(ground, workers, WarmUpJobs * workers.Count);
            var jobs = bench.Effort.Jobs(Jobs);
            var runs = await Turns.TakeAsync(bench, "processes", rounds, [.. _counts.Select(count => new Turn<Run>(
                $"{count} of them", warm => RunAsync(ground, workers[..count], warm ? jobs / 4 : jobs)))]);
            return TableOf(runs);
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    private static TextTable TableOf(IReadOnlyList<IReadOnlyList<Run>> runs)
    {
        var table = new TextTable(
            "", "jobs/s (min to max)", "ratio to one", "memory of a worker", "of all workers", "of the broker");
        for (var index = 0; index < _counts.Length; index++)
        {
            var memory = Spread.Of(runs[index], run => run.Memory).Median;
            table.Add(
                $"{_counts[index]} {(_counts[index] == 1 ? "process" : "processes")}",
                Spread.Of(runs[index], run => run.Rate).Say(Words.Rate),
                Words.Ratio(Spread.Ratios(runs[index], runs[0], run => run.Rate).Median),
                Words.Bytes(memory / _counts[index]),
                Words.Bytes(memory),
                runs[index][0].BrokerMemory is { } ? Words.Bytes(Spread.Of(runs[index], run => run.BrokerMemory!.Value)
                    .Median) : "–");
        }

        return table;
    }

    private static async Task<Run> RunAsync(Ground ground, IReadOnlyList<WorkerChild> workers, int jobs)
    {
        var (queue, cancel) = (ground.Broker.NewQueue(), ground.Bench.Cancel);
        await ground.Broker.DeclareAsync(queue, QueueKind.Quorum);
        await using (var filler = await ground.Broker.OpenAsync())
        {
            await filler.FillAsync(queue, jobs, ScalingPart.Body, cancel);
        }

        await Task.WhenAll(workers.Select(each => each.RunAsync(queue, ScalingPart.Slots, jobs, cancel)));
        var reports = await WorkerChild.AwaitAsync(
            workers, all => all.Sum(report => report.Finished) >= jobs, cancel);
        var took = Stopwatch.GetElapsedTime(
            reports.Where(report => report.Finished > 0).Min(report => report.FirstAt),
            reports.Max(report => report.LastAt));
        var memory = workers.Sum(each => each.Gauge.Memory);
        await Task.WhenAll(workers.Select(each => each.StopAsync(cancel)));
        await ground.Broker.DeleteAsync(queue);
        return new Run(jobs / took.TotalSeconds, memory, ground.Gauge?.Memory);
    }

    private sealed record Run(double Rate, double Memory, double? BrokerMemory);
}
