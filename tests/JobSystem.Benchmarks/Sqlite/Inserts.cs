using System.Diagnostics;
using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Sqlite;
using JobSystem.Sqlite.Storage;

namespace JobSystem.Benchmarks.Sqlite;

/// <summary>Durable enqueues a second against plain SQLite with the same settings and transaction size.</summary>
internal static class Inserts
{
    public const int BodyBytes = 200;

    private const string Queue = "bench";
    private const int Producers = 64;
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] _body = new byte[BodyBytes];

    public static async Task MeasureAsync(Bench bench, int rounds, Section section)
    {
        var head = JobEnvelope.Encode(SeamClient.NewJob(_body)).Length;
        using var plain = new PlainSqlite(bench.NewPath("plain.db"), head, _body.Length);
        await using var seam = await SeamClient.OpenAsync(
            new SqliteTransport(new SqliteOptions { Path = bench.NewPath("seam.db") }));
        await using var server = new JobSystemBuilder().UseSqlite(bench.NewPath("client.db")).Start();
        var pairs = Pairs(plain, seam, server);
        var runs = await Turns.TakeAsync(bench, "sqlite", rounds, [.. pairs.SelectMany(pair => new Turn<double>[]
        {
            new($"{pair.Name}, plain", _ => pair.Plain()),
            new($"{pair.Name}, ours", _ => pair.Ours()),
        })]);
        var table = new TextTable("", "plain SQLite", "ours", "ratio (min to max)");
        for (var index = 0; index < pairs.Length; index++)
        {
            var (theirs, ours) = (runs[2 * index], runs[2 * index + 1]);
            var ratio = Spread.Ratios(ours, theirs, rate => rate);
            table.Add(pairs[index].Name, Words.Rate(new Spread(theirs).Median), Words.Rate(new Spread(ours).Median),
                ratio.Say(Words.Ratio));
            Judge(section, pairs[index].Measure, ratio);
        }

        section.Tables.Add(("jobs enqueued durably, a second", table));
    }

    private static Pair[] Pairs(PlainSqlite plain, SeamClient seam, JobHost server) =>
    [
        new($"one by one, {Producers} producers", Measure.InsertsOneByOne,
            () => PlainOneByOneAsync(plain), () => RateAsync(Producers, () => seam.PublishAsync(Queue, 1, _body))),
        .. new[] { 10, 100, 1000 }.Select(size => new Pair($"{size:N0} a transaction", Measure.InsertsBatched,
            () => BatchesAsync(size, () => PlainBatch(plain, size)),
            () => BatchesAsync(size, () => seam.PublishAsync(Queue, size, _body)))),
        new($"one by one, {Producers} x EnqueueAsync of the client", null,
            () => PlainOneByOneAsync(plain), () => ClientAsync(server, Producers)),
        new("100 a transaction, 100 x EnqueueAsync of the client", null,
            () => BatchesAsync(100, () => PlainBatch(plain, 100)), () => ClientAsync(server, 100)),
    ];

    // Of several sizes the worst counts.
    private static void Judge(Section section, Measure? measure, Spread ratio)
    {
        if (measure is { } known
            && (!section.Figures.TryGetValue(known, out var other) || ratio.Median < other.Median))
        {
            section.Figures[known] = ratio;
        }
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

    private static Task PlainBatch(PlainSqlite plain, int size)
    {
        plain.Insert(size);
        return Task.CompletedTask;
    }

    private static Task<double> ClientAsync(JobHost server, int producers)
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

    private static async Task<double> BatchesAsync(int size, Func<Task> batch)
    {
        var started = Stopwatch.GetTimestamp();
        long rows = 0;
        while (Stopwatch.GetElapsedTime(started) < _slice)
        {
            await batch();
            rows += size;
        }

        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
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

    private sealed record Pair(string Name, Measure? Measure, Func<Task<double>> Plain, Func<Task<double>> Ours);
}
