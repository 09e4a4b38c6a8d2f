using JobSystem.Benchmarks.Measuring;
using JobSystem.Chaos.Targets;
using JobSystem.RabbitMq;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Benchmarks.Brokers;

/// <summary>
/// The broker that is measured on. Owns its virtual host there (but for somebody else's broker: queues only), and the
/// broker itself where it was down before.
/// Ends: when disposed of; its queues are gone, and a broker that was running runs on.
/// </summary>
internal sealed class BenchBroker : IAsyncDisposable
{
    private readonly ITarget _target;
    private readonly HashSet<string> _queues = [];
    private int _names;

    private BenchBroker(ITarget target) => _target = target;

    public Uri Uri => _target.Uris[0];

    /// <summary>As we call it; null: it is somebody else's.</summary>
    public string? OwnName => _target is UntouchedTarget ? null : _target.Name;

    /// <summary>Product, version, and what runs it; never where it is.</summary>
    public string Description => OwnName is null ? $"RabbitMQ {_target.Version}, not ours" : _target.Description;

    /// <param name="name">A broker's URI, or one of our own; null: a container where Docker runs, else a process.
    /// </param>
    /// <param name="folder">For what a target keeps.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="TargetException">There is none.</exception>
    public static async Task<BenchBroker> UpAsync(string? name, string folder, CancellationToken cancel)
    {
        var target = TargetCatalog.Create(name ?? await BrokerProcess.BestOfOursAsync(cancel), folder);
        await target.UpAsync($"benchmarks-{Environment.ProcessId}", cancel);
        return new BenchBroker(target);
    }

    /// <summary>Its processes as they are now: a broker that was restarted has others.</summary>
    public Task<ProcessGauge?> GaugeAsync(CancellationToken cancel) => BrokerProcess.FindAsync(_target, cancel);

    /// <summary>A name for a queue that will be removed in the end.</summary>
    public string NewQueue()
    {
        var queue = $"bench-{Environment.ProcessId}-{++_names}";
        _queues.Add(queue);
        return queue;
    }

    /// <summary>A connection of its own.</summary>
    public Task<SeamClient> OpenAsync() => SeamClient.OpenAsync(new RabbitTransport(
        RabbitOptions.Parse($"{Uri}"), TimeProvider.System, NullLoggerFactory.Instance));

    /// <summary>Declares a work queue and its lanes as the job system does.</summary>
    public async Task DeclareAsync(string queue, QueueKind kind)
    {
        await using var client = await OpenAsync();
        await client.Connection.DeclareAsync(new QueueDeclaration(queue, kind));
    }

    /// <summary>Deletes a queue with its lanes.</summary>
    public async Task DeleteAsync(string queue)
    {
        await using var client = await OpenAsync();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            await client.Connection.DeleteAsync(Lanes.NameOf(queue, lane));
        }

        _queues.Remove(queue);
    }

    public async ValueTask DisposeAsync()
    {
        if (OwnName is null)
        {
            foreach (var queue in _queues.ToList())
            {
                await DeleteAsync(queue);
            }
        }

        await _target.DownAsync(CancellationToken.None);
        await _target.DisposeAsync();
    }
}
