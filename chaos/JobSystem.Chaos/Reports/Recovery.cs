using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>What became of each numbered fault of a run, and how long everything took to be well again.</summary>
/// <param name="Faults">In the order of their injection. Each is measured as if it were alone.</param>
public sealed record Recovery(IReadOnlyList<FaultRecovery> Faults)
{
    /// <param name="history">In its order; read once.</param>
    public static Recovery Of(IEnumerable<HistoryEntry> history) => RunFold.Of(history).ToRecovery();

    /// <summary>
    /// Median, 95th percentile and maximum of each stage, by name of the fault; of those that took effect.
    /// </summary>
    public IReadOnlyList<StageSummary> Summary =>
    [
        .. from same in Faults.Where(fault => fault.HappenedAt is not null).GroupBy(fault => fault.Name)
           let faults = same.ToList()
           from stage in Enum.GetValues<RecoveryStage>()
           select StageSummary.Of(same.Key, stage, faults),
    ];

    /// <summary>
    /// Holds the budgets against the faults that took effect. A budget whose fault did not happen in this
    /// run is left out, and one that could not be measured (no victim had a job in hand) is neither met nor missed.
    /// </summary>
    public IReadOnlyList<ThresholdResult> Judge(IEnumerable<RecoveryBudget> budgets) =>
    [
        .. from budget in budgets
           let faults = Faults.Where(fault => fault.HappenedAt is not null && budget.IsFor(fault.Name)).ToList()
           where faults.Count > 0
           select budget.Judge(faults),
    ];
}

/// <summary>The steps on the way back to normal.</summary>
public enum RecoveryStage
{
    /// <summary>From the injection until somebody lost a connection or a process, or a job was begun again.</summary>
    Detected,

    /// <summary>From a worker's death (or the injection) until another began a job that it had in hand.</summary>
    Redelivery,

    /// <summary>From the healing until an enqueue was confirmed.</summary>
    FirstConfirm,

    /// <summary>From the healing until a run that had begun since then finished its job.</summary>
    FirstFinished,

    /// <summary>
    /// From the healing until no more jobs were due and unfinished than right before the injection. Jobs that wait for
    /// an answer count: while the broker is away nothing can be confirmed, and the work piles up at the clients.
    /// </summary>
    BacklogDrained,
}

/// <summary>One fault and the way back. A stage is null where it never came.</summary>
public sealed record FaultRecovery
{
    /// <summary>Its number in the history, from 1.</summary>
    public required int Fault { get; init; }

    /// <summary>As experiments call it; empty where it could not even be made (nobody was there to suffer).</summary>
    public required string Name { get; init; }

    /// <summary>In words.</summary>
    public required string Victim { get; init; }

    /// <summary>When the schedule would have it, in the time of the run; null: it is of no schedule.</summary>
    public TimeSpan? PlannedAt { get; init; }

    public required TimeSpan InjectedAt { get; init; }

    /// <summary>When it was seen to take effect. Null: it was not.</summary>
    public TimeSpan? HappenedAt { get; init; }

    /// <summary>What was seen.</summary>
    public string Proof { get; init; } = "";

    /// <summary>Null: it was not undone within the run.</summary>
    public TimeSpan? HealedAt { get; init; }

    /// <summary>What failed on the way, in order.</summary>
    public IReadOnlyList<FaultTrouble> Troubles { get; init; } = [];

    public TimeSpan? Detected { get; init; }

    public TimeSpan? Redelivery { get; init; }

    public TimeSpan? FirstConfirm { get; init; }

    public TimeSpan? FirstFinished { get; init; }

    public TimeSpan? BacklogDrained { get; init; }

    /// <summary>Its victim is a worker that had begun jobs, so a redelivery can be expected.</summary>
    public bool HadJobsInHand { get; init; }

    /// <summary>After the healing an enqueue waited for its answer, so a confirm can be expected.</summary>
    public bool HadEnqueues { get; init; } = true;

    /// <summary>After the healing there was a job that nobody was running, so one more can be expected to finish.
    /// </summary>
    public bool HadWork { get; init; } = true;

    /// <summary>Jobs due and unfinished right before the injection.</summary>
    public int BacklogBefore { get; init; }

    /// <summary>The most until it was drained.</summary>
    public int BacklogPeak { get; init; }

    /// <summary>Enqueues given up on in its window: until five seconds after the healing or the drain.</summary>
    public int Unknown { get; init; }

    /// <summary>Jobs finished again in its window.</summary>
    public int Duplicated { get; init; }

    /// <summary>The longest from due to finished, of the jobs finished in its window.</summary>
    public TimeSpan WorstLatency { get; init; }

    public TimeSpan? this[RecoveryStage stage] => stage switch
    {
        RecoveryStage.Detected => Detected,
        RecoveryStage.Redelivery => Redelivery,
        RecoveryStage.FirstConfirm => FirstConfirm,
        RecoveryStage.FirstFinished => FirstFinished,
        _ => BacklogDrained,
    };

    /// <summary>A stage that is not there is missing; but only where there was an occasion for it: a redelivery is due
    /// to a worker with jobs, a confirm to an enqueue, a finished job to one that was waiting.</summary>
    public bool IsDue(RecoveryStage stage) => stage switch
    {
        RecoveryStage.Redelivery => HadJobsInHand,
        RecoveryStage.FirstConfirm => HadEnqueues || FirstConfirm is not null,
        RecoveryStage.FirstFinished => HadWork || FirstFinished is not null,
        _ => true,
    };
}

/// <summary>A step of a fault that failed.</summary>
public readonly record struct FaultTrouble(FaultStep Step, string Why);

/// <summary>One stage over all faults of a name.</summary>
/// <param name="Fault">Name of the faults.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="Due">Of how many it could be expected.</param>
/// <param name="Came">Of how many it came. The figures are of these; null where there are none.</param>
public sealed record StageSummary(
    string Fault, RecoveryStage Stage, int Due, int Came, TimeSpan? Median, TimeSpan? P95, TimeSpan? Max)
{
    internal static StageSummary Of(string name, RecoveryStage stage, IReadOnlyCollection<FaultRecovery> faults)
    {
        var times = faults.Select(fault => fault[stage]).OfType<TimeSpan>().Order().ToList();
        return new StageSummary(
            name, stage, faults.Count(fault => fault.IsDue(stage)), times.Count, At(0.5), At(0.95), At(1));

        TimeSpan? At(double share) =>
            times.Count == 0 ? null : times[Math.Max(0, (int)Math.Ceiling(share * times.Count) - 1)];
    }
}
