using System.Globalization;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Measuring;
using static System.FormattableString;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>A search as one page that needs nothing but itself: the answer, latencies over the rate, the steps.
/// </summary>
internal static class CapacityHtml
{
    public static void Write(CapacityReport report, Stream stream) =>
        PageFrame.Write($"find-max: {report.Word}", page => Write(page, report), stream, "find-max.json");

    private static void Write(HtmlWriter page, CapacityReport report)
    {
        var first = report.FirstRun;
        PageFrame.Banner(
            page, report.ExitCode, report.Word, "Highest rate within the limits", report.Answer,
            report.Plan.Repeat,
            ("limits", string.Join(", ", report.Plan.Limits.Select(CapacityText.InWords))),
            ("precision", Invariant($"{report.Plan.Range.Precision * 100:0.##} %")),
            ("steps", $"{report.Steps.Count}, {Of(report.Plan.Step)} each"),
            ("began", report.StartedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'zzz", CultureInfo.InvariantCulture)),
            ("took", Of(report.Duration)), ("target", first?.Target ?? ""), ("machine", first?.Machine ?? ""),
            ("versions", first?.Versions ?? ""));
        page.Add($"<section><h2>Latency by rate</h2>\n");
        page.Add($"<p class=\"soft small\">Every latency counts from the moment a job was due. Both axes are ");
        page.Add($"logarithmic. Hollow: the step missed a limit. {report.Little}</p>\n");
        Chart(report).Write(page);
        page.Add($"</section>\n<section><h2>Steps</h2>\n<p class=\"soft small\">Backlog: confirmed and not finished ");
        page.Add($"when the load ended. In system: due and not finished, on average. Each step links to its ");
        page.Add($"report.</p>\n");
        PageFrame.Table(
            page, [.. CapacityText.Columns, "why", "folder"], 2,
            report.InOrder.Select(step => (step.IsKept ? "met" : "missed", Cells(step), (string?)LinkTo(step))));
        page.Add($"</section>\n");
    }

    private static IReadOnlyList<string> Cells(CapacityStep step) =>
        [.. CapacityText.Cells(step), string.Join("; ", step.Reasons), Path.GetFileName(step.Folder)];

    /// <summary>The step's folder is beside the page.</summary>
    private static string LinkTo(CapacityStep step) => PageFrame.LinkTo(
        Path.GetDirectoryName(step.Folder) ?? "", Path.Combine(step.Folder, ExperimentRunner.Page));

    private static SvgChart Chart(CapacityReport report)
    {
        IReadOnlyList<ChartSeries> series =
        [
            SeriesOf(report, "finished p99", "orange", timeline => timeline.EndToEnd, 99),
            SeriesOf(report, "finished p50", "teal", timeline => timeline.EndToEnd, 50),
            SeriesOf(report, "confirm p99", "blue", timeline => timeline.ToConfirm, 99),
            SeriesOf(report, "confirm p50", "purple", timeline => timeline.ToConfirm, 50),
            SeriesOf(report, "delay p99", "grey", timeline => timeline.Delay, 99),
        ];
        var levels = report.Plan.Limits
            .Select(limit => new ChartLevel(
                CapacityText.InWords(limit), limit.Limit.TotalSeconds, ColourOf(limit)))
            .ToList();
        return new SvgChart
        {
            Title = "latency by jobs a second",
            X = ChartAxis.Around(report.Steps.Select(step => step.Rate), true, CapacityReport.Per),
            Y = ChartAxis.Around(
                series.SelectMany(each => each.Points).Select(point => point.Y).Concat(levels.Select(each => each.Y)),
                true, seconds => Of(TimeSpan.FromSeconds(seconds))),
            Series = [.. series, .. series.Select(LineOf)],
            Levels = levels,
            Height = 380,
        };
    }

    /// <summary>Through the middle of a rate's trials.</summary>
    private static ChartSeries LineOf(ChartSeries series) => new(
        "", series.Colour,
        [
            .. series.Points.GroupBy(point => point.X)
                .Select(rate => new ChartPoint(rate.Key, Math.Exp(rate.Average(point => Math.Log(point.Y))))),
        ],
        HasMarks: false);

    private static ChartSeries SeriesOf(
        CapacityReport report, string name, string colour, Func<Timeline, Histogram> of, double percentile) => new(
        name, colour,
        [
            .. report.InOrder.Select(step => (Step: step, Value: of(step.Report.Timeline).ValueAt(percentile)))
                .Where(each => each.Value > TimeSpan.Zero)
                .Select(each => new ChartPoint(
                    each.Step.Rate, each.Value.TotalSeconds,
                    $"{name} {Of(each.Value)} at {CapacityReport.Per(each.Step.Rate)}, step {each.Step.Number}",
                    !each.Step.IsKept)),
        ],
        HasLine: false);

    private static string ColourOf(LatencyLimit limit) => limit.Measure switch
    {
        "confirm" or "confirm-sent" => "blue",
        "delay" => "grey",
        _ => "orange",
    };
}
