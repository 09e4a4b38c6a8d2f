using System.Globalization;

namespace JobSystem.Chaos.Reports;

/// <summary>Several runs of one command as one page that leads to the report of each. Pure.</summary>
internal static class RunsHtml
{
    private static readonly string[] _columns = ["experiment", "seed", "began", "took", "verdict", "summary", "report"];

    /// <param name="runs">In the order in which they were run, each with a link to its report.</param>
    /// <param name="repeat">The command that does the same again.</param>
    /// <param name="stream">Gets the page.</param>
    public static void Write(
        IReadOnlyList<(RunReport Report, string Link)> runs, string repeat, Stream stream) =>
        PageFrame.Write($"{runs.Count} runs", page => Write(page, runs, repeat), stream);

    /// <summary><c>17 of 20 passed</c>, and what became of the others.</summary>
    internal static string Headline(IReadOnlyList<RunReport> reports)
    {
        var passed = reports.Count(report => report.ExitCode == ChaosExitCode.Pass);
        var others = reports.Where(report => report.ExitCode != ChaosExitCode.Pass)
            .GroupBy(ReportText.Word).Select(group => $"{group.Count()} {group.Key}");
        return string.Join(", ", [$"{passed} of {reports.Count} passed", .. others]) + ".";
    }

    private static void Write(HtmlWriter page, IReadOnlyList<(RunReport Report, string Link)> runs, string repeat)
    {
        var worst = runs.Select(run => run.Report).MaxBy(report => ChaosExitCode.Severity(report.ExitCode))!;
        PageFrame.Banner(
            page, worst.ExitCode, ReportText.Word(worst), "All runs", Headline([.. runs.Select(run => run.Report)]),
            repeat, ("target", worst.Target), ("machine", worst.Machine), ("versions", worst.Versions));
        page.Add($"<section><h2>Runs</h2>\n");
        PageFrame.Table(page, _columns, 3, runs.Select(run => (
            StyleOf(run.Report), Cells(run.Report), (string?)run.Link)));
        page.Add($"</section>\n");
    }

    private static string StyleOf(RunReport report) => report.ExitCode switch
    {
        ChaosExitCode.Pass => "met",
        ChaosExitCode.Broken => "missed",
        _ => "unmeasured",
    };

    private static IReadOnlyList<string> Cells(RunReport report) =>
    [
        report.Experiment, report.Seed,
        report.StartedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'zzz", CultureInfo.InvariantCulture),
        StageText.Of(report.Duration), ReportText.Word(report), report.Headline, "report",
    ];
}
