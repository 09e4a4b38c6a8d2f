using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>A search as lines for a terminal, the answer last, where the eye is. Pure.</summary>
internal static class CapacityText
{
    /// <summary>What stands in the table, for every form of it alike: what matters most first, because a narrow
    /// terminal cuts the rest.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "rate", "verdict", "achieved", "finished p99", "confirm p99", "delay p99", "backlog", "finished p50",
        "confirm p50", "in system",
    ];

    public static string[] Cells(CapacityStep step)
    {
        var timeline = step.Report.Timeline;
        return
        [
            CapacityReport.Per(step.Rate), Verdict(step), CapacityReport.Per(step.Achieved),
            Of(timeline.EndToEnd.ValueAt(99)), Of(timeline.ToConfirm.ValueAt(99)), Of(timeline.Delay.ValueAt(99)),
            Of(step.BacklogAtEnd), Of(timeline.EndToEnd.ValueAt(50)), Of(timeline.ToConfirm.ValueAt(50)),
            CapacityReport.Number(step.InSystem),
        ];
    }

    public static Table Table(CapacityReport report)
    {
        var table = new Table([.. Columns.Select(column => column.ToUpperInvariant())]);
        foreach (var step in report.InOrder)
        {
            table.Add(Cells(step));
        }

        return table;
    }

    public static IEnumerable<string> Conclusion(CapacityReport report, string page, bool colours)
    {
        if (report.Little.Length > 0)
        {
            yield return $"  {report.Little}";
        }

        var colour = report.ExitCode switch
        {
            ChaosExitCode.Pass => "1;32",
            ChaosExitCode.Broken => "1;31",
            _ => "1;33",
        };
        var word = colours ? $"\e[{colour}m{report.Word}\e[0m" : report.Word;
        yield return $"  limits: {string.Join(", ", report.Plan.Limits.Select(InWords))}";
        yield return $"{word}  {Printable.FirstLine(report.Answer, 600)}";
        yield return $"  {report.Steps.Count} steps in {Of(report.Duration)}; {page}";
        yield return $"  again: {Printable.FirstLine(report.Plan.Repeat, 1000)}";
    }

    public static string InWords(Plans.LatencyLimit limit) => $"{limit.Name} {Of(limit.Limit)}";

    private static string Verdict(CapacityStep step) =>
        step.IsTheEnd ? ChaosExitCode.InWords(step.Report.ExitCode)
        : step.IsKept ? "ok"
        : "failed";
}
