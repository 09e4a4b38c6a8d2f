namespace JobSystem.Benchmarks.Goals;

/// <summary>What a goal is set for. Parts measure them.</summary>
internal enum Measure
{
    RateToPlainClient,
    RateToMassTransit,
    RateToWolverine,
    PoolJobRate,
    PoolJobBytes,
    InsertsOneByOne,
    InsertsBatched,
    EmbeddedLifeRate,
    IdleWorkerBytes,
    BytesPerJobInFlight,
    FirstJobSeconds,
    RedeliverySeconds,
    FirstConfirmSeconds,
    FirstFinishedSeconds,
    SimulationSpeed,
}
