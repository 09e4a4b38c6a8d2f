using JobSystem.Transports;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>What every contender is given alike.</summary>
internal sealed record Load
{
    /// <summary>Of the queue; a file knows no difference.</summary>
    public QueueKind Kind { get; init; } = QueueKind.Quorum;

    /// <summary>Published and consumed in one run.</summary>
    public required int Jobs { get; init; }

    /// <summary>Publishes that wait for their confirm at a time.</summary>
    public int InFlight { get; init; } = 1000;

    /// <summary>Jobs that may run at a time, and so the prefetch.</summary>
    public int Slots { get; init; } = 256;

    public int PayloadBytes { get; init; } = 200;
}
