using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;

namespace JobSystem.Chaos.Runs;

/// <summary>Whether a run was fast enough, and whether its load was what it should have been. Pure.</summary>
internal static class LatencyLimits
{
    public static IEnumerable<ThresholdResult> Judge(Experiment experiment, Timeline timeline)
    {
        foreach (var limit in experiment.Expect.Latency)
        {
            var histogram = timeline.Of(limit.Measure);
            var measured = histogram.ValueAt(limit.Percentile);
            yield return new ThresholdResult(
                limit.Name, $"at most {StageText.Of(limit.Limit)}",
                histogram.Count == 0
                    ? "nothing was measured"
                    : $"{StageText.Of(measured)} over {StageText.Of(histogram.Count)} jobs",
                histogram.Count == 0 ? null : measured <= limit.Limit);
        }

        if (timeline.Missed > 0)
        {
            yield return new ThresholdResult(
                "jobs that were due are sent", "all",
                $"{StageText.Of(timeline.Missed)} were never sent: the load was given up", false);
        }
    }
}
