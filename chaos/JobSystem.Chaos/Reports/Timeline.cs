using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Reports;

/// <summary>What happened when: a run in at most 1200 bins of equal width, and its latencies as a whole.</summary>
public sealed record Timeline
{
    public required TimeSpan BinWidth { get; init; }

    /// <summary>Without gaps, from the beginning of the run.</summary>
    public required IReadOnlyList<TimelineBin> Bins { get; init; }

    /// <summary>From the moment an enqueue was due to its confirm. One that was given up on without an answer, or that
    /// was due and never sent, counts with its age then: leaving it out would make the worst runs look best.</summary>
    public required Histogram ToConfirm { get; init; }

    /// <summary>From the moment it was sent: what a client sees that does not mind when it was due.</summary>
    public required Histogram SentToConfirm { get; init; }

    /// <summary>From the moment it was due to the moment it was sent: how true the load was to its schedule.</summary>
    public required Histogram Delay { get; init; }

    /// <summary>
    /// From the moment an enqueue was due to the first time its work was done. A job that never finished, or was never
    /// sent, counts with its age at the end of the run.
    /// </summary>
    public required Histogram EndToEnd { get; init; }

    /// <summary>The same from the moment it was sent.</summary>
    public required Histogram SentToEnd { get; init; }

    /// <summary>The same by kind of job; none where there is but one.</summary>
    public required IReadOnlyList<KindLatency> Kinds { get; init; }

    /// <summary>What was offered a second, and what was achieved.</summary>
    public required LoadRates Rates { get; init; }

    /// <param name="measure">The name of a <see cref="LatencyMeasure"/>.</param>
    public Histogram Of(string measure) => measure switch
    {
        _ when measure == LatencyMeasure.Confirm.Name => ToConfirm,
        _ when measure == LatencyMeasure.Finished.Name => EndToEnd,
        _ when measure == LatencyMeasure.Delay.Name => Delay,
        _ when measure == LatencyMeasure.ConfirmSent.Name => SentToConfirm,
        _ when measure == LatencyMeasure.FinishedSent.Name => SentToEnd,
        _ => throw new ArgumentException($"There is no latency '{measure}'.", nameof(measure)),
    };

    /// <summary>Confirmed jobs in <see cref="EndToEnd"/> that had not finished at the end.</summary>
    public required int Unfinished { get; init; }

    /// <summary>Enqueues in <see cref="ToConfirm"/> that were given up on without an answer.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Jobs that were due and never sent.</summary>
    public required long Missed { get; init; }

    /// <summary>The jobs that took longest from due to finished, the slowest first; a few.</summary>
    public IReadOnlyList<SlowJob> Slowest { get; init; } = [];

    /// <summary>The parts of the run, in order.</summary>
    public required IReadOnlyList<PhaseBeginning> Phases { get; init; }

    /// <summary>When the last thing happened.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>Lives of workers that began.</summary>
    public required int WorkersStarted { get; init; }

    public required int WorkersKilled { get; init; }

    public required int WorkersStopped { get; init; }

    /// <param name="history">In its order; read once.</param>
    /// <param name="binWidth">
    /// Doubles as often as needed to stay within 1200 bins. Default 250 ms, which is 1 s in a run of ten minutes.
    /// </param>
    public static Timeline Of(IEnumerable<HistoryEntry> history, TimeSpan? binWidth = null) =>
        RunFold.Of(history, null, binWidth).ToTimeline();
}

/// <summary>A piece of time. Counts are of what happened in it; levels are as they stood at its end.</summary>
public sealed record TimelineBin
{
    /// <summary>Jobs that were to be enqueued, each once.</summary>
    public required int Intended { get; init; }

    /// <summary>Jobs that were confirmed, each once.</summary>
    public required int Confirmed { get; init; }

    /// <summary>Answers that the broker did not accept the job.</summary>
    public required int Rejected { get; init; }

    /// <summary>Enqueues given up on without an answer.</summary>
    public required int Unknown { get; init; }

    /// <summary>Runs that began.</summary>
    public required int Started { get; init; }

    /// <summary>Runs that did the work; more than jobs where work was done twice.</summary>
    public required int Effects { get; init; }

    /// <summary>Runs that ended otherwise than well.</summary>
    public required int Failures { get; init; }

    /// <summary>Jobs confirmed and not finished.</summary>
    public required int Backlog { get; init; }

    /// <summary>Jobs due and neither answered nor finished.</summary>
    public required int Unanswered { get; init; }

    /// <summary>How long the oldest of the backlog has been confirmed.</summary>
    public required TimeSpan OldestAge { get; init; }

    public required int WorkersAlive { get; init; }

    /// <summary>Of the jobs due in this bin, whenever they were confirmed: an outage shows where it hurt.</summary>
    public required LatencyPoint ToConfirm { get; init; }

    /// <summary>Of the jobs due in this bin, whenever they were finished.</summary>
    public required LatencyPoint EndToEnd { get; init; }
}

/// <summary>Latencies of a bin; all zero where <paramref name="Count"/> is.</summary>
public readonly record struct LatencyPoint(long Count, TimeSpan P50, TimeSpan P99, TimeSpan Max)
{
    internal static LatencyPoint Of(Histogram? histogram) => histogram is null
        ? default
        : new LatencyPoint(histogram.Count, histogram.ValueAt(50), histogram.ValueAt(99), histogram.Max);
}

/// <summary>A part of the run.</summary>
public readonly record struct PhaseBeginning(string Phase, TimeSpan At);
