using JobSystem.Chaos.Verification.Histories;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>A report as lines for a terminal, the verdict last, where the eye is. Pure but for <c>Write</c>.</summary>
public static class TextReport
{
    private const int MaxFindings = 10;

    /// <param name="report">What to tell.</param>
    /// <param name="colours">With escape codes for a terminal.</param>
    public static IEnumerable<string> Lines(RunReport report, bool colours = false) =>
    [
        "",
        .. Equation(report.Verdict, colours),
        .. TextLatency.Lines(report.Timeline),
        .. ResourceText.Lines(report),
        .. Faults(report),
        .. Thresholds(report, colours),
        .. Findings(report.Verdict),
        .. report.Verdict.Doubts.Select(doubt => $"  doubt: {Printable.FirstLine(doubt, 400)}"),
        .. report.Notes.Select(note => $"  note: {Printable.FirstLine(note, 400)}"),
        "",
        .. Conclusion(report, colours),
    ];

    internal static void Write(RunReport report, Screen screen)
    {
        foreach (var line in Lines(report, screen.Colours && screen.IsOutTerminal))
        {
            screen.Out.WriteLine(line);
        }
    }

    private static IEnumerable<string> Equation(Verdict verdict, bool colours)
    {
        var tally = verdict.Tally;
        var missing = $"{Of(tally.Lost)} {ReportText.NameOfMissing(verdict)}";
        yield return $"  {Of(tally.Intended)} intended = {Of(tally.Confirmed)} confirmed + {Of(tally.Rejected)} " +
            $"rejected + {Of(tally.Unknown)} unknown";
        var lost = tally.Lost > 0 ? Paint(missing, "1;31", colours) : missing;
        var stuck = tally.Stuck > 0 ? Paint($"{Of(tally.Stuck)} stuck", "1;31", colours) : "0 stuck";
        yield return $"  {Of(tally.Confirmed)} confirmed = {Of(tally.Finished)} finished + " +
            $"{Of(tally.DeadLettered)} dead-lettered + {Of(tally.Destroyed)} destroyed + {stuck} + {lost}";
        foreach (var remark in ReportText.Remarks(tally))
        {
            yield return $"  {remark}";
        }
    }

    /// <summary>One line a kind of fault: how often, and the slowest of each stage.</summary>
    private static IEnumerable<string> Faults(RunReport report)
    {
        if (report.Recovery.Faults.Count == 0)
        {
            yield break;
        }

        var table = new Table(["fault", "times", .. Enum.GetValues<RecoveryStage>().Select(StageText.Of)]);
        foreach (var group in report.Recovery.Faults.Where(fault => fault.HappenedAt is not null)
            .GroupBy(fault => fault.Name))
        {
            var stages = Enum.GetValues<RecoveryStage>()
                .Select(stage => StageSummary.Of(group.Key, stage, [.. group]))
                .Select(Cell);
            table.Add([group.Key, Of(group.Count()), .. stages]);
        }

        yield return "";
        if (table.Count > 0)
        {
            yield return "  recovery times, median / slowest (from the injection, the death, or the revert):";
            foreach (var (line, _) in table.Lines(int.MaxValue))
            {
                yield return $"  {line}";
            }
        }

        foreach (var fault in report.Recovery.Faults.Where(each => each.HappenedAt is null || each.Troubles.Count > 0))
        {
            yield return $"  fault {fault.Fault}{ReportText.Whom(fault)}: " +
                Printable.FirstLine(ReportText.Outcome(fault), 300);
        }
    }

    private static string Cell(StageSummary summary) =>
        summary is { Median: { } median, Max: { } max }
            ? $"{Of(median)} / {Of(max)}{(summary.Came < summary.Due ? $", {summary.Due - summary.Came} never" : "")}"
            : summary.Due > 0 ? "never" : "–";

    private static IEnumerable<string> Thresholds(RunReport report, bool colours)
    {
        var all = report.AllThresholds;
        if (all.Count > 0)
        {
            yield return "";
        }

        foreach (var threshold in all)
        {
            var word = threshold.IsMet switch
            {
                true => Paint("met     ", "32", colours),
                false => Paint("MISSED  ", "1;31", colours),
                _ => "no data ",
            };
            yield return $"  {word} {Printable.FirstLine(threshold.Name, 80)}: " +
                $"{Printable.FirstLine(threshold.Limit, 80)}; {Printable.FirstLine(threshold.Measured, 200)}";
        }
    }

    private static IEnumerable<string> Findings(Verdict verdict)
    {
        if (verdict.Findings.Count > 0)
        {
            yield return "";
        }

        foreach (var finding in verdict.Findings.Take(MaxFindings))
        {
            var evidence = Printable.FirstLine(finding.Evidence, 300);
            yield return $"  {ReportText.Name(finding.Kind)}: {finding.Job}: {evidence}";
        }

        if (verdict.Findings.Count > MaxFindings)
        {
            yield return $"  ... and {Of(verdict.Findings.Count - MaxFindings)} more";
        }
    }

    private static IEnumerable<string> Conclusion(RunReport report, bool colours)
    {
        var colour = report.ExitCode switch
        {
            ChaosExitCode.Pass => "1;32",
            ChaosExitCode.Broken => "1;31",
            _ => "1;33",
        };
        yield return $"{Paint(ReportText.Word(report), colour, colours)}  {report.Experiment}, seed {report.Seed}, " +
            $"{Of(report.Duration)}. {report.Headline}";
        yield return $"  again: {Printable.FirstLine(report.RepeatLine, 1000)}";
    }

    private static string Paint(string text, string code, bool colours) => colours ? $"\e[{code}m{text}\e[0m" : text;
}
