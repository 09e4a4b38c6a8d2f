using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>Rates and latencies as lines for a terminal. Pure.</summary>
internal static class TextLatency
{
    private static readonly double[] _percentiles = [50, 90, 99, 99.9, 100];

    /// <summary>None where nothing was measured.</summary>
    public static IEnumerable<string> Lines(Timeline timeline)
    {
        var table = new Table(["latency", "jobs", .. _percentiles.Select(LatencyText.Percentile)]);
        foreach (var measure in LatencyMeasure.All)
        {
            Add(table, measure.Title, timeline.Of(measure.Name));
        }

        foreach (var kind in timeline.Kinds)
        {
            Add(table, $"confirmed: {kind.Kind.Name}", kind.ToConfirm);
            Add(table, $"finished: {kind.Kind.Name}, work {kind.Work}", kind.EndToEnd);
        }

        return table.Count == 0 ? [] :
        [
            "",
            .. table.Lines(int.MaxValue).Select(line => $"  {line.Line}"),
            .. Remarks(timeline).Select(remark => $"  {remark}"),
        ];
    }

    private static IEnumerable<string> Remarks(Timeline timeline) =>
        LatencyText.Rates(timeline.Rates) is { } rates
            ? LatencyText.Remarks(timeline).Prepend(rates)
            : LatencyText.Remarks(timeline);

    private static void Add(Table table, string title, Histogram histogram)
    {
        if (histogram.Count > 0)
        {
            table.Add([
                title, Of(histogram.Count), .. _percentiles.Select(percentile => Of(histogram.ValueAt(percentile))),
            ]);
        }
    }
}
