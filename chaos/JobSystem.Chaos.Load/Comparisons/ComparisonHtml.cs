using System.Globalization;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>A comparison as one page that needs nothing but itself: the answer, every pair as a dot with the interval
/// around their median, the figures.</summary>
internal static class ComparisonHtml
{
    // Names are above their rows: so the whole of it fits a phone.
    private const double Width = 420;
    private const double Left = 20;
    private const double Right = 20;
    private const double RowHeight = 46;
    private const double TickSpace = 48;
    private const double Foot = 26;

    public static void Write(ComparisonReport report, Stream stream) =>
        PageFrame.Write($"compare: {ComparisonText.Word(report)}", page => Write(page, report), stream, "compare.json");

    private static void Write(HtmlWriter page, ComparisonReport report)
    {
        var (target, machine) = report.Runs is [var first, ..] ? first.About : ("", "");
        PageFrame.Banner(
            page, ComparisonText.IsSure(report) ? report.ExitCode : ChaosExitCode.Unknown,
            ComparisonText.Word(report), "B compared with A",
            ComparisonText.Headline(report), report.Plan.Repeat,
            ("A", report.Plan.A.Path), ("B", report.Plan.B.Path),
            ("rounds", string.Create(CultureInfo.InvariantCulture, $"{report.Runs.Count / 2} of {report.Plan.Rounds}")),
            ("began", report.StartedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'zzz", CultureInfo.InvariantCulture)),
            ("took", Of(report.Duration)), ("target", target ?? ""), ("machine", machine ?? ""));
        page.Add($"<section><h2>Difference</h2>\n<p class=\"soft small\">Each dot is a pair of runs with the same ");
        page.Add($"jobs, one of A and one of B, run in turns (A B, B A, ...). The bar is the 95 % interval of their ");
        page.Add($"median. {ComparisonText.Remark(report)}</p>\n");
        WriteChart(page, [.. report.Metrics.Where(metric => metric.Ratio is not null)]);
        page.Add($"</section>\n<section><h2>Figures</h2>\n<p class=\"soft small\">A and B are medians of all rounds; ");
        page.Add($"B vs. A is the median of the pairs.</p>\n");
        PageFrame.Table(
            page, ComparisonText.Columns, 1,
            report.Metrics.Select(metric => (
                metric.IsTooMuchWorse ? "missed" : "", (IReadOnlyList<string>)ComparisonText.Cells(metric),
                (string?)null)));
        page.Add($"</section>\n<section><h2>Runs</h2>\n");
        PageFrame.Table(
            page, ["round", "build", "verdict", "report"], 2,
            report.Runs.Select(run => (
                run.Counts ? "" : "missed",
                (IReadOnlyList<string>)[Of(run.Round), run.Program, ChaosExitCode.InWords(run.ExitCode), "report"],
                LinkTo(run))));
        page.Add($"</section>\n");
    }

    /// <summary>Each run's folder is in one of its round, which is beside the page; null: the run left no report.
    /// </summary>
    private static string? LinkTo(ComparedRun run) =>
        run.About != default && Path.GetDirectoryName(Path.GetDirectoryName(run.Folder)) is { Length: > 0 } beside
            ? PageFrame.LinkTo(beside, Path.Combine(run.Folder, ExperimentRunner.Page))
            : null;

    private static void WriteChart(HtmlWriter page, IReadOnlyList<ComparedPairs> metrics)
    {
        var axis = ChartAxis.Around(
            metrics.SelectMany(metric => metric.Pairs).Where(pair => pair is { A: > 0, B: > 0 })
                .Select(pair => pair.B / pair.A).Concat(metrics.SelectMany(Ends)).Append(1),
            true, ComparisonText.Signed);
        var height = (metrics.Count * RowHeight) + Foot;
        page.Add($"<div class=\"plot\"><svg viewBox=\"0 0 {Width} {height}\" role=\"img\" ");
        page.Add($"aria-label=\"B vs. A\" style=\"display:block;width:100%;max-width:640px\">\n");
        foreach (var tick in SpacedTicks(axis))
        {
            page.Add($"<line class=\"{(tick == 1 ? "axis" : "grid")}\" x1=\"{XOf(axis, tick)}\" ");
            page.Add($"x2=\"{XOf(axis, tick)}\" y1=\"0\" y2=\"{height - Foot}\"/><text x=\"{XOf(axis, tick)}\" ");
            page.Add($"y=\"{height - 8}\" text-anchor=\"middle\">{ComparisonText.Signed(tick)}</text>\n");
        }

        for (var row = 0; row < metrics.Count; row++)
        {
            WriteRow(page, axis, metrics[row], (row + 0.66) * RowHeight);
        }

        page.Add($"</svg></div>\n");
    }

    private static void WriteRow(HtmlWriter page, ChartAxis axis, ComparedPairs compared, double y)
    {
        var ratio = compared.Ratio!;
        var isBetter = ratio.Median > 1 == compared.Metric.IsMoreBetter;
        var colour = !ratio.IsDifferent ? "grey" : isBetter ? "green" : "red";
        page.Add($"<text class=\"name\" x=\"4\" y=\"{y - 14}\">{compared.Metric.Title}</text>\n");
        page.Add($"<line x1=\"{XOf(axis, ratio.Low)}\" x2=\"{XOf(axis, ratio.High)}\" y1=\"{y}\" y2=\"{y}\" ");
        page.Add($"stroke=\"var(--{colour})\" stroke-width=\"7\" stroke-linecap=\"round\" opacity=\"0.45\"/>\n");
        page.Add($"<line x1=\"{XOf(axis, ratio.Median)}\" x2=\"{XOf(axis, ratio.Median)}\" y1=\"{y - 9}\" ");
        page.Add($"y2=\"{y + 9}\" stroke=\"var(--{colour})\" stroke-width=\"3\"/>\n");
        foreach (var (round, a, b) in compared.Pairs.Where(pair => pair is { A: > 0, B: > 0 }))
        {
            page.Add($"<circle cx=\"{XOf(axis, b / a)}\" cy=\"{y}\" r=\"3.5\" fill=\"var(--blue)\" opacity=\"0.7\">");
            page.Add($"<title>round {round}: A {compared.Metric.Say(a)}, B {compared.Metric.Say(b)}, ");
            page.Add($"{ComparisonText.Signed(b / a)}</title></circle>\n");
        }
    }

    /// <summary>"No difference" first: where numbers would overlap, the other one is left out.</summary>
    private static List<double> SpacedTicks(ChartAxis axis)
    {
        var ticks = new List<double>();
        foreach (var tick in axis.Ticks().Where(tick => tick != 1).Prepend(1))
        {
            if (ticks.TrueForAll(other => Math.Abs(XOf(axis, other) - XOf(axis, tick)) > TickSpace))
            {
                ticks.Add(tick);
            }
        }

        return ticks;
    }

    private static IEnumerable<double> Ends(ComparedPairs compared) => [compared.Ratio!.Low, compared.Ratio.High];

    private static double XOf(ChartAxis axis, double ratio) =>
        Math.Round(Left + (axis.PlaceOf(ratio) * (Width - Left - Right)), 1);
}
