using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// All that a report tells of a history, folded in one pass; may be fed along with the judge's census. Its memory is
/// bounded by the jobs under way, the bins and the faults, not by the length of the run.
/// </summary>
internal sealed class RunFold
{
    private readonly OpenJobs _jobs = new();
    private readonly TimelineFold _timeline;
    private readonly RecoveryFold _recovery = new();

    /// <param name="workload">What was put on, which tells kinds of jobs apart. Null: there is one kind.</param>
    /// <param name="binWidth">Of the timeline, where the run is short. Default 250 ms.</param>
    public RunFold(WorkloadPlan? workload = null, TimeSpan? binWidth = null) =>
        _timeline = new TimelineFold(_jobs, workload, binWidth);

    public static RunFold Of(
        IEnumerable<HistoryEntry> history, WorkloadPlan? workload = null, TimeSpan? binWidth = null)
    {
        var fold = new RunFold(workload, binWidth);
        foreach (var entry in history)
        {
            fold.Add(entry);
        }

        return fold;
    }

    public void Add(in HistoryEntry entry)
    {
        _timeline.Reach(entry.At);
        var before = _jobs.Pending;
        var change = _jobs.Add(entry);
        _timeline.Add(entry, change);
        _recovery.Add(entry, change, before, _jobs.Pending, _jobs.Unanswered);
    }

    /// <summary>Ends the fold.</summary>
    public Timeline ToTimeline() => _timeline.ToTimeline();

    public Recovery ToRecovery() => _recovery.ToRecovery();
}
