using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Reports;

/// <summary>The latencies of one kind of jobs, from due. Jobs that were never sent are of no kind.</summary>
/// <param name="Kind">What jobs of it are: their work is a part of how long they take.</param>
/// <param name="ToConfirm">As <see cref="Timeline.ToConfirm"/>.</param>
/// <param name="EndToEnd">As <see cref="Timeline.EndToEnd"/>.</param>
public sealed record KindLatency(JobClass Kind, Histogram ToConfirm, Histogram EndToEnd)
{
    /// <summary><c>exp(5ms), 200B</c>.</summary>
    internal string Work => DistributionText.Format(Kind.Work, "ms");

    internal string Payload => DistributionText.Format(Kind.Payload, "B");
}
