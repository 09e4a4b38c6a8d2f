using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// The latencies of a run as a whole, and those of each kind of jobs where there are several; of which kind a job is
/// follows from its id.
/// </summary>
/// <param name="workload">What was put on. Null: one kind.</param>
internal sealed class LatencyFold(WorkloadPlan? workload)
{
    private readonly WorkloadPlan? _mixed = workload is { Mix.Count: > 1 } ? workload : null;

    public Histogram ToConfirm { get; } = new();

    public Histogram SentToConfirm { get; } = new();

    public Histogram Delay { get; } = new();

    public Histogram EndToEnd { get; } = new();

    public Histogram SentToEnd { get; } = new();

    /// <summary>In the order of the mix; none where all jobs are of one kind.</summary>
    public IReadOnlyList<KindLatency> Kinds { get; } = workload is { Mix: { Count: > 1 } mix }
        ? [.. mix.Select(kind => new KindLatency(kind, new Histogram(), new Histogram()))]
        : [];

    public void Sent(TimeSpan dueAt, TimeSpan sentAt) => Delay.Record(sentAt - dueAt);

    public void Answered(JobId job, TimeSpan dueAt, TimeSpan sentAt, TimeSpan at)
    {
        ToConfirm.Record(at - dueAt);
        SentToConfirm.Record(at - sentAt);
        KindOf(job)?.ToConfirm.Record(at - dueAt);
    }

    public void Finished(JobId job, TimeSpan dueAt, TimeSpan sentAt, TimeSpan at)
    {
        EndToEnd.Record(at - dueAt);
        SentToEnd.Record(at - sentAt);
        KindOf(job)?.EndToEnd.Record(at - dueAt);
    }

    /// <summary>So many jobs were due so long ago, and were never sent: nobody can say when they would have been.
    /// </summary>
    public void Missed(TimeSpan age, long times)
    {
        ToConfirm.Record(age, times);
        EndToEnd.Record(age, times);
    }

    private KindLatency? KindOf(JobId job) => _mixed is null ? null : Kinds[JobDraw.Of(job, _mixed).Class];
}
