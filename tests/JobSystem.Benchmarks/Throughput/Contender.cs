using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>One way to publish jobs and to consume them at once.</summary>
/// <param name="key">On the command line.</param>
/// <param name="name">In tables.</param>
internal abstract class Contender(string key, string name)
{
    public static IReadOnlyList<Contender> All { get; } =
    [
        new PlainClient(batches: false), new PlainClient(batches: true), new WholeSystem(), new MassTransitBus(),
        new WolverineHost(acksLate: true), new WolverineHost(acksLate: false), new EmbeddedSystem(),
    ];

    public string Key => key;

    public string Name => name;

    /// <summary>False: it has no queue of a broker, so it runs once and not for each kind.</summary>
    public virtual bool UsesBroker => true;

    /// <summary>One run from an empty queue to an empty queue, which is removed.</summary>
    public abstract Task<Usage> RunAsync(Load load, Ground ground);
}

/// <summary>Where a run takes place.</summary>
/// <param name="Bench">Scratch folder, cancellation.</param>
/// <param name="Broker">The one to publish to.</param>
/// <param name="Gauge">Its processes; null where they cannot be seen.</param>
internal sealed record Ground(Bench Bench, BenchBroker Broker, ProcessGauge? Gauge)
{
    public static async Task<Ground> OfAsync(Bench bench)
    {
        var broker = await bench.BrokerAsync();
        return new Ground(bench, broker, await broker.GaugeAsync(bench.Cancel));
    }
}
