using System.Diagnostics;
using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Sqlite;

namespace JobSystem.Benchmarks.Sqlite;

/// <summary>What it costs to take a job from the head of a queue and to ack it, by how many wait behind it.</summary>
internal static class Claims
{
    private const string Queue = "bench";
    private static readonly byte[] _body = new byte[Inserts.BodyBytes];
    private static readonly (string Name, int Prefetch, int Jobs)[] _ways =
        [("one at a time (prefetch 1)", 1, 300), ("prefetch 100", 100, 600)];

    public static async Task<TextTable> MeasureAsync(Bench bench, int rounds)
    {
        int[] depths = [1_000, 100_000, bench.Effort.IsQuick ? 250_000 : 1_000_000];
        var brokers = new List<SeamClient>();
        try
        {
            foreach (var depth in depths)
            {
                bench.Live.Step($"sqlite: {depth:N0} jobs are enqueued");
                brokers.Add(await SeamClient.OpenAsync(
                    new SqliteTransport(new SqliteOptions { Path = bench.NewPath("claims.db") })));
                await brokers[^1].FillAsync(Queue, depth, _body, bench.Cancel);
            }

            var runs = await Turns.TakeAsync(bench, "sqlite", rounds, [.. _ways.SelectMany(way => depths.Zip(brokers,
                (depth, broker) => new Turn<double>($"claims of {depth:N0}, {way.Name}",
                    _ => ConsumeAsync(broker, way.Prefetch, way.Jobs))))]);
            return TableOf(depths, runs);
        }
        finally
        {
            foreach (var broker in brokers)
            {
                await broker.DisposeAsync();
            }
        }
    }

    private static TextTable TableOf(int[] depths, IReadOnlyList<IReadOnlyList<double>> runs)
    {
        var table = new TextTable(["", .. depths.Select(depth => $"{depth:N0}"), "longest to shortest"]);
        for (var way = 0; way < _ways.Length; way++)
        {
            var row = runs.Skip(way * depths.Length).Take(depths.Length).ToList();
            table.Add([
                _ways[way].Name,
                .. row.Select(run => new Spread(run).Say(Words.Number)),
                Words.Ratio(Spread.Ratios(row[^1], row[0], price => price).Median),
            ]);
        }

        return table;
    }

    /// <returns>Microseconds a job. As many wait afterwards as before.</returns>
    private static async Task<double> ConsumeAsync(SeamClient broker, int prefetch, int jobs)
    {
        var consumer = new SeamConsumer(jobs);
        var started = Stopwatch.GetTimestamp();
        await using (await consumer.OpenAsync(broker.Connection, Queue, prefetch))
        {
            await consumer.Done;
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        await broker.PublishAsync(Queue, jobs, _body);
        return elapsed.TotalMicroseconds / jobs;
    }
}
