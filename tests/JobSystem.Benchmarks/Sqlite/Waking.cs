using System.Diagnostics;
using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Sqlite;

namespace JobSystem.Benchmarks.Sqlite;

/// <summary>How soon a job that one process enqueues is delivered in another that waits, and what waiting costs.
/// </summary>
internal static class Waking
{
    private const string Queue = "bench";
    private const int Jobs = 200;
    private static readonly byte[] _body = new byte[Inserts.BodyBytes];
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(5);

    public static async Task<TextTable> MeasureAsync(Bench bench)
    {
        bench.Live.Step("sqlite: waking another process");
        var options = new SqliteOptions { Path = bench.NewPath("waking.db") };
        await using var there = await SeamClient.OpenAsync(new SqliteTransport(options));
        await using var here = await SeamClient.OpenAsync(new SqliteTransport(options));
        var latencies = (await LatenciesAsync(there, here, bench.Cancel)).Order().ToList();
        var table = new TextTable("", "measured", "goal");
        table.Add("from the enqueue in one process to the delivery in another, median",
            Words.Seconds(latencies[Jobs / 2]), "20 ms");
        table.Add("the same, 99 of 100", Words.Seconds(latencies[Jobs * 99 / 100]), "");
        bench.Live.Step("sqlite: waiting");
        table.Add("CPU of an idle consumer, of one core", Words.Percent(await IdleAsync(bench.Cancel)), "0.50 %");
        return table;
    }

    /// <returns>In seconds.</returns>
    private static async Task<List<double>> LatenciesAsync(SeamClient there, SeamClient here, CancellationToken cancel)
    {
        var latencies = new List<double>();
        TaskCompletionSource? arrived = null;
        var consumer = new SeamConsumer(int.MaxValue) { Delivered = () => arrived!.SetResult() };
        await consumer.OpenAsync(here.Connection, Queue, prefetch: 1); // and it stays: idleness is measured with it
        for (var job = 0; job < Jobs; job++)
        {
            arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.Delay(_pause, TimeProvider.System, cancel);
            var started = Stopwatch.GetTimestamp();
            _ = there.PublishAsync(Queue, 1, _body);
            await arrived.Task.WaitAsync(cancel);
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return latencies;
    }

    private static async Task<double> IdleAsync(CancellationToken cancel)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        await Task.Delay(_idle, TimeProvider.System, cancel);
        process.Refresh();
        return (process.TotalProcessorTime - cpu) / _idle;
    }
}
