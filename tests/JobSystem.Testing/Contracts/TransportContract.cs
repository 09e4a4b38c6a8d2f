using System.Text;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>
/// What every transport promises to the engine, sentence by sentence. A transport proves itself by an empty
/// subclass that says how it is made; so what the simulator finds with the broker in memory holds for a real
/// one. The sentences are in the other parts of this class, by verb.
/// Each test has queues of its own, deleted after it.
/// </summary>
public abstract partial class TransportContract : IAsyncLifetime
{
    private static readonly Random _random = new();

    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<string> _queues = [];
    private readonly List<Action> _verifications = [];
    private ITransport? _transport;
    private ITransportConnection? _connection;

    /// <summary>A queue of this test's own.</summary>
    protected string Queue { get; private set; } = "";

    /// <summary>The test's first connection, which consumes.</summary>
    protected ITransportConnection Connection => _connection!;

    /// <summary>The broker can tell a requeue from a loss, and does not count it against the job.</summary>
    protected virtual bool RequeuesWithoutBlame => true;

    public async Task InitializeAsync()
    {
        _transport = await CreateAsync();
        Queue = NewQueue();
        _connection = await ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_open))
        {
            await opened.DisposeAsync();
        }

        await using var janitor = await _transport!.ConnectAsync("contract/janitor", new ProbeConnection());
        foreach (var queue in _queues)
        {
            foreach (var lane in Enum.GetValues<Lane>())
            {
                await janitor.DeleteAsync(Lanes.NameOf(queue, lane));
            }
        }

        _verifications.ForEach(verify => verify());
    }

    /// <summary>The transport under test, fresh for each test.</summary>
    protected abstract Task<ITransport> CreateAsync();

    protected string NewQueue()
    {
        string name;
        lock (_random)
        {
            name = $"contract-{JobId.New(TimeProvider.System.GetUtcNow(), _random)}";
        }

        _queues.Add(name);
        return name;
    }

    protected static Job NewJob(string body = "payload") => new()
    {
        Id = NewId(),
        Origin = JobOrigin.Ours,
        Body = Encoding.UTF8.GetBytes(body),
    };

    protected static IReadOnlyList<Job> NewJobs(int count) =>
        [.. Enumerable.Range(1, count).Select(number => NewJob($"job {number}"))];

    protected static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Job.Body.Span);

    protected async Task<ITransportConnection> ConnectAsync(ProbeConnection? listener = null)
    {
        var connection = await _transport!.ConnectAsync("contract/test", listener ?? new ProbeConnection());
        _open.Add(connection);
        return connection;
    }

    protected async Task<(IConsumerChannel Channel, ProbeConsumer Probe)> ConsumeAsync(
        int prefetch = 100, Lane lane = Lane.Work, ProbeConsumer? probe = null,
        ITransportConnection? on = null)
    {
        probe ??= new ProbeConsumer();
        _verifications.Add(probe.Verify);
        var settings = new ConsumerSettings(Queue, lane, prefetch);
        var channel = await (on ?? Connection).ConsumeAsync(settings, probe);
        _open.Add(channel);
        return (channel, probe);
    }

    protected async Task<(IPublisherChannel Channel, ProbePublisher Probe)> OpenPublisherAsync(
        ITransportConnection? on = null)
    {
        var probe = new ProbePublisher();
        _verifications.Add(probe.Verify);
        var channel = await (on ?? Connection).OpenPublisherAsync(probe);
        _open.Add(channel);
        return (channel, probe);
    }

    protected async Task<IPullChannel> OpenPullAsync()
    {
        var channel = await Connection.OpenPullAsync();
        _open.Add(channel);
        return channel;
    }

    /// <summary>Publishes on a channel of its own and waits for the confirms.</summary>
    protected Task PublishAsync(params IReadOnlyList<Job> jobs) => PublishAsync(new Destination(Queue), jobs);

    protected async Task PublishAsync(Destination destination, params IReadOnlyList<Job> jobs)
    {
        var (channel, probe) = await OpenPublisherAsync();
        for (var index = 0; index < jobs.Count; index++)
        {
            channel.Publish((ulong)index + 1, jobs[index], destination);
        }

        await probe.ConfirmedAsync(jobs.Count);
        await channel.DisposeAsync();
        Assert.Empty(probe.Rejected.All);
    }

    private static JobId NewId()
    {
        lock (_random)
        {
            return JobId.New(TimeProvider.System.GetUtcNow(), _random);
        }
    }
}
