using JobSystem.Benchmarks.Recovery;
using JobSystem.Benchmarks.Scaling;
using JobSystem.Benchmarks.Simulations;
using JobSystem.Benchmarks.Sqlite;
using JobSystem.Benchmarks.Throughput;
using JobSystem.Benchmarks.Worker;
using JobSystem.Benchmarks.Workers;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Recording;

/// <summary>All parts there are, in the order of the document.</summary>
internal static class PartCatalog
{
    /// <param name="contenders">Who takes part in the throughput.</param>
    /// <param name="kinds">On which queues.</param>
    public static IReadOnlyList<Part> Create(IReadOnlyList<Contender> contenders, IReadOnlyList<QueueKind> kinds) =>
    [
        new ThroughputPart(contenders, kinds),
        VariantsPart.Slots,
        VariantsPart.Payload,
        new PoolPart(),
        new SqlitePart(),
        new ScalingPart(),
        new WorkerPart(),
        new RecoveryPart(),
        new SimulationPart(),
    ];
}
