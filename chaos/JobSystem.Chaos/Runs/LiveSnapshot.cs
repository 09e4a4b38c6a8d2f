using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Runs;

/// <summary>How far a run is, for its views. Counts are since the beginning.</summary>
public sealed record LiveSnapshot
{
    /// <summary>The part the run is in: <c>load</c>, <c>drain</c>.</summary>
    public required string Phase { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Until the load and the faults end; null where that is not known.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>How much of the load and the faults is over, from 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Jobs that were to be enqueued by now.</summary>
    public long Due { get; init; }

    public required long Confirmed { get; init; }

    public required long Finished { get; init; }

    /// <summary>Enqueues given up on without an answer.</summary>
    public long Unknown { get; init; }

    /// <summary>Confirmed and not finished.</summary>
    public required long Backlog { get; init; }

    /// <summary>From due to confirmed, of the last five seconds. Null: none was.</summary>
    public LiveLatency? Confirm { get; init; }

    /// <summary>From due to finished, of the last five seconds. Null: none was.</summary>
    public LiveLatency? Finish { get; init; }

    /// <summary>How late jobs are sent right now. Null: none is.</summary>
    public TimeSpan? Delay { get; init; }

    public required int FaultsDone { get; init; }

    public required int FaultsPlanned { get; init; }

    /// <summary>In force right now: name and victim; empty: none.</summary>
    public string FaultNow { get; init; } = "";

    /// <summary>The next one; empty: none.</summary>
    public string FaultNext { get; init; } = "";

    public TimeSpan? UntilNext { get; init; }

    public required int WorkersAlive { get; init; }

    public required int Workers { get; init; }

    /// <summary>Jobs that are already certain to be wrong. What is lost is known only after the drain.</summary>
    public int Wrong { get; init; }
}

/// <summary>Latencies of the last seconds.</summary>
public sealed record LiveLatency(TimeSpan P50, TimeSpan P99)
{
    internal static LiveLatency? Of(Histogram histogram) =>
        histogram.Count == 0 ? null : new LiveLatency(histogram.ValueAt(50), histogram.ValueAt(99));
}
