using System.Text;
using JobSystem.Testing.Probes;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Tests;

/// <summary>A connection of the test's own to a job file, with the few deeds that tests need.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private static readonly Random _random = new();

    private readonly List<ProbeConsumer> _consumers = [];

    private Desk(ITransportConnection connection) => Connection = connection;

    public ITransportConnection Connection { get; }

    public static async Task<Desk> OpenAsync(SqliteOptions options) =>
        new(await new SqliteTransport(options).ConnectAsync("test", new ProbeConnection()));

    public static Task<Desk> OpenAsync(string path) => OpenAsync(new SqliteOptions { Path = path });

    public static Job NewJob(string body) => NewJob(Encoding.UTF8.GetBytes(body));

    public static Job NewJob(byte[] body)
    {
        lock (_random)
        {
            var id = JobId.New(TimeProvider.System.GetUtcNow(), _random);
            return new Job { Id = id, Origin = JobOrigin.Ours, Body = body };
        }
    }

    /// <summary>Publishes and waits until each is confirmed or rejected. Returns how many were confirmed.</summary>
    public async Task<ProbePublisher> PublishAsync(string queue, params Job[] jobs)
    {
        var probe = new ProbePublisher();
        await using var channel = await Connection.OpenPublisherAsync(probe);
        for (var index = 0; index < jobs.Length; index++)
        {
            channel.Publish((ulong)index + 1, jobs[index], new Destination(queue));
        }

        await probe.Decisions.CountAsync(jobs.Length, $"{jobs.Length} decisions");
        return probe;
    }

    public async Task<(IConsumerChannel Channel, ProbeConsumer Probe)> ConsumeAsync(string queue, int prefetch = 100)
    {
        var probe = new ProbeConsumer();
        _consumers.Add(probe);
        return (await Connection.ConsumeAsync(new ConsumerSettings(queue, Lane.Work, prefetch), probe), probe);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _consumers.ForEach(consumer => consumer.Verify());
    }
}
