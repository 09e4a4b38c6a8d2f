using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.Benchmarks;

/// <summary>
/// No-op jobs published with confirms and consumed at once, on one quorum queue: the plain client that acks each
/// message against the whole job system. The two take turns, so that a change of the machine's speed meets both.
/// </summary>
internal static class ThroughputBenchmark
{
    private const int InFlight = 1000;
    private const int Prefetch = 256;
    private static readonly byte[] _body = new byte[200];

    public static async Task RunAsync(string uri, int jobs, int rounds)
    {
        Console.WriteLine($"{jobs} jobs of {_body.Length} B a run, {InFlight} publishes in flight, " +
            $"prefetch {Prefetch}, quorum queue, {rounds} runs each in turn\n");
        await PlainAsync(uri, jobs / 4);
        await JobSystemAsync(uri, jobs / 4);
        var (plain, ours) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round < rounds; round++)
        {
            plain.Add(await PlainAsync(uri, jobs));
            ours.Add(await JobSystemAsync(uri, jobs));
        }

        Console.WriteLine($"{"",-28}{"jobs/s: min",12}{"median",10}{"max",10}{"B a job",10}{"CPU us a job",14}");
        Print("plain client, ack each", plain);
        Print("JobSystem", ours);
        var ratios = plain.Zip(ours, (p, o) => o.Rate / p.Rate).Order().ToList();
        Console.WriteLine($"\nJobSystem / plain, run by run: median {ratios[rounds / 2]:0.00} " +
            $"({ratios[0]:0.00} to {ratios[^1]:0.00}); goal >= 0.95");
    }

    private static async Task<Measured> PlainAsync(string uri, int jobs)
    {
        var factory = new ConnectionFactory { Uri = new Uri(uri), AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var consuming = await connection.CreateChannelAsync();
        await using var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var queue = $"bench-plain-{Environment.ProcessId}";
        await consuming.QueueDeclareAsync(
            queue, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await consuming.BasicQosAsync(0, Prefetch, false);
        var done = new TaskCompletionSource();
        var seen = 0;
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += async (_, delivered) =>
        {
            await consuming.BasicAckAsync(delivered.DeliveryTag, false);
            if (Interlocked.Increment(ref seen) == jobs)
            {
                done.TrySetResult();
            }
        };
        await consuming.BasicConsumeAsync(queue, false, consumer);

        var measured = await MeasureAsync(jobs, async () =>
        {
            var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
            await Parallel(jobs, async _ => await publishing.BasicPublishAsync("", queue, true, properties, _body));
            await done.Task;
        });
        await consuming.QueueDeleteAsync(queue);
        return measured;
    }

    private static async Task<Measured> JobSystemAsync(string uri, int jobs)
    {
        var queue = $"bench-jobs-{Environment.ProcessId}";
        var done = new TaskCompletionSource();
        var seen = 0;
        await using var server = new JobSystemBuilder()
            .UseRabbitMq(uri)
            .AddQueue(queue, each => each.Concurrency(Prefetch).Handle((_, _) =>
            {
                if (Interlocked.Increment(ref seen) == jobs)
                {
                    done.TrySetResult();
                }

                return Task.CompletedTask;
            }))
            .Start();
        await server.Ready;
        var options = new EnqueueOptions { Queue = queue };
        var measured = await MeasureAsync(jobs, async () =>
        {
            await Parallel(jobs, async _ =>
            {
                if (await server.Client.TryEnqueueAsync(_body, options) is not EnqueueResult.Confirmed)
                {
                    throw new InvalidOperationException("A publish was not confirmed.");
                }
            });
            await done.Task;
        });
        await server.DrainAsync();
        await DeleteAsync(uri, queue);
        return measured;
    }

    private static async Task DeleteAsync(string uri, string queue)
    {
        var factory = new ConnectionFactory { Uri = new Uri(uri) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            await channel.QueueDeleteAsync(Lanes.NameOf(queue, lane));
        }
    }

    private static async Task Parallel(int count, Func<int, Task> publish)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                await publish(number);
            }
        }));
    }

    private static async Task<Measured> MeasureAsync(int jobs, Func<Task> run)
    {
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var (cpu, bytes, start) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await run();
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new Measured(
            jobs / elapsed.TotalSeconds,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / jobs,
            (process.TotalProcessorTime - cpu).TotalMicroseconds / jobs);
    }

    private static void Print(string name, List<Measured> runs)
    {
        var rates = runs.Select(run => run.Rate).Order().ToList();
        Console.WriteLine(
            $"{name,-28}{rates[0],12:N0}{rates[rates.Count / 2],10:N0}{rates[^1],10:N0}" +
            $"{runs.Select(run => run.BytesPerJob).Order().ElementAt(rates.Count / 2),10:N0}" +
            $"{runs.Select(run => run.CpuPerJob).Order().ElementAt(rates.Count / 2),14:N1}");
    }

    private sealed record Measured(double Rate, double BytesPerJob, double CpuPerJob);
}
