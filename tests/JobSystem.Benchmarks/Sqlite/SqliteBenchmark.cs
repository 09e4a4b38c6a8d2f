using System.Diagnostics;
using JobSystem.Sqlite;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Benchmarks;

/// <summary>
/// The embedded broker: inserts against plain SQLite with the same settings and transaction size, in turns, so that a
/// change of the machine's speed meets both; the full life of a job through the whole engine; the price of a claim
/// from a short and from a very long queue; how soon another process is woken, and what waiting costs.
/// </summary>
internal static class SqliteBenchmark
{
    private const string Queue = "bench";
    private const int Rounds = 7;
    private const int Producers = 64;

    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] _body = new byte[200];

    /// <param name="part">inserts, life, claims or waking; null: all.</param>
    public static async Task RunAsync(string? part)
    {
        var folder = Directory.CreateTempSubdirectory("jobs-bench-").FullName;
        try
        {
            Console.WriteLine($"embedded broker on {Environment.ProcessorCount} cores; jobs of {_body.Length} B; " +
                $"medians of {Rounds} rounds\n");
            await RunPartAsync("inserts", () => InsertsAsync(folder));
            await RunPartAsync("life", () => LifeAsync(Path.Combine(folder, "life.db")));
            await RunPartAsync("claims", () => ClaimsAsync(folder));
            await RunPartAsync("waking", () => WakingAsync(Path.Combine(folder, "wake.db")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Task RunPartAsync(string name, Func<Task> run) => part is null || part == name ? run() : Task.CompletedTask;
    }

    private static async Task InsertsAsync(string folder)
    {
        Console.WriteLine($"{"jobs/s enqueued",-44}{"plain",10}{"ours",10}{"ratio",8}   goal >= 0.9");
        var head = JobHead.Encode(NewJob(1)).Length;
        using var plain = new PlainSqlite(Path.Combine(folder, "plain.db"), head, _body.Length);
        await using var broker = await Broker.OpenAsync(Path.Combine(folder, "ours.db"));
        await CompareAsync($"one by one, {Producers} producers", () => PlainOneByOneAsync(plain), broker.OneByOneAsync);
        foreach (var size in new[] { 10, 100, 1000 })
        {
            await CompareAsync(
                $"{size} a transaction", () => Task.FromResult(PlainBatches(plain, size)),
                () => broker.BatchesAsync(size));
        }

        await using var server = new JobSystemBuilder().UseSqlite(Path.Combine(folder, "client.db")).Start();
        await CompareAsync(
            $"one by one, {Producers} x JobClient.EnqueueAsync", () => PlainOneByOneAsync(plain),
            () => ClientAsync(server, Producers));
        await CompareAsync(
            "100 a transaction, 100 x EnqueueAsync", () => Task.FromResult(PlainBatches(plain, 100)),
            () => ClientAsync(server, 100));
    }

    private static async Task CompareAsync(string name, Func<Task<double>> plain, Func<Task<double>> ours)
    {
        var rounds = new List<(double Plain, double Ours)>();
        await plain();
        await ours();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((await plain(), await ours()));
        }

        Console.WriteLine($"{name,-44}{Median(rounds.Select(each => each.Plain)),10:N0}" +
            $"{Median(rounds.Select(each => each.Ours)),10:N0}" +
            $"{Median(rounds.Select(each => each.Ours / each.Plain)),8:0.00}");
    }

    /// <summary>Many producers, one connection: SQLite has one writer anyway.</summary>
    private static async Task<double> PlainOneByOneAsync(PlainSqlite plain)
    {
        using var oneAtATime = new SemaphoreSlim(1);
        return await RateAsync(Producers, async () =>
        {
            await oneAtATime.WaitAsync();
            plain.Insert(1);
            oneAtATime.Release();
        });
    }

    private static double PlainBatches(PlainSqlite plain, int size)
    {
        var started = Stopwatch.GetTimestamp();
        long rows = 0;
        while (Stopwatch.GetElapsedTime(started) < _slice)
        {
            plain.Insert(size);
            rows += size;
        }

        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task<double> ClientAsync(JobServer server, int producers)
    {
        var options = new EnqueueOptions { Queue = Queue };
        return RateAsync(producers, async () =>
        {
            if (await server.Client.TryEnqueueAsync(_body, options) is not EnqueueResult.Confirmed)
            {
                throw new InvalidOperationException("An enqueue was not confirmed.");
            }
        });
    }

    private static async Task<double> RateAsync(int producers, Func<Task> enqueue)
    {
        var started = Stopwatch.GetTimestamp();
        long done = 0;
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < _slice)
            {
                await enqueue();
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task LifeAsync(string path)
    {
        const int Jobs = 20_000, InFlight = 512, Slots = 256;
        var rates = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var (left, done) = (Jobs, new TaskCompletionSource());
            await using var server = new JobSystemBuilder().UseSqlite(path)
                .AddQueue(Queue, queue => queue.Concurrency(Slots).Handle((_, _) =>
                {
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        done.SetResult();
                    }

                    return Task.CompletedTask;
                }))
                .Start();
            await server.Ready;
            var (started, next) = (Stopwatch.GetTimestamp(), 0);
            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) <= Jobs)
                {
                    await server.Client.TryEnqueueAsync(_body, new EnqueueOptions { Queue = Queue });
                }
            })));
            await done.Task;
            var report = await server.DrainAsync();
            if (round >= 0 && report.IsComplete)
            {
                rates.Add(Jobs / Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        Console.WriteLine($"\n{"full life of a no-op job, whole engine",-44}{Median(rates),10:N0} jobs/s " +
            $"({rates.Min():N0} to {rates.Max():N0})   goal >= 10,000");
    }

    private static async Task ClaimsAsync(string folder)
    {
        Console.WriteLine(
            $"\n{"price of a claim with its ack, us a job",-44}{"1 k",10}{"100 k",10}{"1 M",10}   waiting");
        var singles = new List<double>();
        var batches = new List<double>();
        foreach (var waiting in new[] { 1_000, 100_000, 1_000_000 })
        {
            await using var broker = await Broker.OpenAsync(Path.Combine(folder, $"claims-{waiting}.db"));
            await broker.FillAsync(waiting);
            singles.Add(await broker.ConsumeAsync(prefetch: 1, jobs: 300));
            batches.Add(await broker.ConsumeAsync(prefetch: 100, jobs: 600));
        }

        Print("one at a time (prefetch 1)", singles);
        Print("prefetch 100", batches);

        static void Print(string name, List<double> prices) => Console.WriteLine(
            $"{name,-44}{prices[0],10:N1}{prices[1],10:N1}{prices[2],10:N1}   1 M / 1 k: {prices[2] / prices[0]:0.00}");
    }

    private static async Task WakingAsync(string path)
    {
        // Two transports share nothing but the file and its sockets: to each other they are two processes.
        await using var there = await Broker.OpenAsync(path);
        await using var here = await Broker.OpenAsync(path);
        var latencies = await here.WakeAsync(there, jobs: 200);
        latencies.Sort();
        Console.WriteLine($"\nfrom the enqueue in one to the delivery in the other: median " +
            $"{latencies[latencies.Count / 2].TotalMilliseconds:0.0} ms, " +
            $"99 % {latencies[^2].TotalMilliseconds:0.0} ms" +
            "   goal < 20 ms");
        var process = Process.GetCurrentProcess();
        var (cpu, idle) = (process.TotalProcessorTime, TimeSpan.FromSeconds(5));
        await Task.Delay(idle, TimeProvider.System);
        process.Refresh();
        Console.WriteLine($"idle, two consumers waiting: " +
            $"{(process.TotalProcessorTime - cpu) / idle:0.00 %} of a core   goal < 0.5 %");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static JobSystem.Job NewJob(long number) => new()
    {
        Id = new JobId($"01a203c6-7ca0-791c-95d7-{number:x12}"),
        Origin = JobOrigin.Ours,
        Body = _body,
        EnqueuedAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>The seam, without the engine above it.</summary>
    private sealed class Broker : IAsyncDisposable, IConnectionListener, IPublisherListener
    {
        private readonly Lock _gate = new();
        private readonly Queue<(ulong Number, TaskCompletionSource Done)> _unconfirmed = new();
        private ITransportConnection _connection = null!;
        private IPublisherChannel _channel = null!;
        private ulong _number;

        public static async Task<Broker> OpenAsync(string path)
        {
            var broker = new Broker();
            var transport = new SqliteTransport(new SqliteOptions { Path = path });
            broker._connection = await transport.ConnectAsync("bench", broker);
            broker._channel = await broker._connection.OpenPublisherAsync(broker);
            return broker;
        }

        public Task<double> OneByOneAsync() => RateAsync(Producers, () => PublishAsync(1));

        public async Task<double> BatchesAsync(int size)
        {
            var started = Stopwatch.GetTimestamp();
            long rows = 0;
            while (Stopwatch.GetElapsedTime(started) < _slice)
            {
                await PublishAsync(size);
                rows += size;
            }

            return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        public async Task FillAsync(int jobs)
        {
            for (var left = jobs; left > 0; left -= 10_000)
            {
                await PublishAsync(Math.Min(left, 10_000));
            }
        }

        /// <returns>Microseconds a job.</returns>
        public async Task<double> ConsumeAsync(int prefetch, int jobs)
        {
            var consumer = new Consumer(jobs);
            var started = Stopwatch.GetTimestamp();
            await using var channel = await _connection.ConsumeAsync(
                new ConsumerSettings(Queue, Lane.Work, prefetch), consumer);
            consumer.Channel.SetResult(channel);
            await consumer.Done.Task;
            return Stopwatch.GetElapsedTime(started).TotalMicroseconds / jobs;
        }

        public async Task<List<TimeSpan>> WakeAsync(Broker publisher, int jobs)
        {
            var latencies = new List<TimeSpan>();
            TaskCompletionSource? arrived = null;
            var consumer = new Consumer(int.MaxValue) { Delivered = () => arrived!.SetResult() };
            var channel = await _connection.ConsumeAsync(new ConsumerSettings(Queue, Lane.Work, 1), consumer);
            consumer.Channel.SetResult(channel);
            for (var job = 0; job < jobs; job++)
            {
                arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                var started = Stopwatch.GetTimestamp();
                _ = publisher.PublishAsync(1);
                await arrived.Task;
                latencies.Add(Stopwatch.GetElapsedTime(started));
            }

            return latencies;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();

        void IPublisherListener.OnConfirmed(ulong number, bool multiple)
        {
            lock (_gate)
            {
                while (_unconfirmed.TryPeek(out var first) && first.Number <= number)
                {
                    _unconfirmed.Dequeue().Done.SetResult();
                }
            }
        }

        void IPublisherListener.OnRejected(ulong number, string reason) => throw new InvalidOperationException(reason);

        void IPublisherListener.OnClosed(TransportFailure failure)
        {
        }

        void IConnectionListener.OnClosed(TransportFailure failure)
        {
        }

        void IConnectionListener.OnBlocked(string reason)
        {
        }

        void IConnectionListener.OnUnblocked()
        {
        }

        /// <summary>Publishes so many and waits until the last is confirmed.</summary>
        private Task PublishAsync(int jobs)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _unconfirmed.Enqueue((_number + (ulong)jobs, done));
                for (var job = 0; job < jobs; job++)
                {
                    _channel.Publish(++_number, NewJob((long)_number), new Destination(Queue));
                }
            }

            return done.Task;
        }
    }

    /// <summary>Acks each job as soon as it is delivered.</summary>
    private sealed class Consumer(int jobs) : IConsumerListener
    {
        private int _left = jobs;

        public TaskCompletionSource<IConsumerChannel> Channel { get; } = new();

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action? Delivered { get; init; }

        public void OnDelivery(Delivery delivery)
        {
            Channel.Task.Result.Ack(delivery.Tag, multiple: false);
            Delivered?.Invoke();
            if (--_left == 0)
            {
                Done.SetResult();
            }
        }

        public void OnClosed(TransportFailure failure) =>
            Done.TrySetException(new InvalidOperationException(failure.Text));
    }
}
