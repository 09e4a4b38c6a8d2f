using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>How the system came back: a line a kind of fault and stage, then every fault. Bounded, pure.</summary>
internal static class HtmlFaults
{
    private const int MaxFaults = 1000;

    /// <summary>More are folded away at first.</summary>
    private const int MaxUnfolded = 40;
    private const int LongestText = 200;

    private static readonly RecoveryStage[] _stages = Enum.GetValues<RecoveryStage>();

    public static void Write(HtmlWriter page, RunReport report)
    {
        var faults = report.Recovery.Faults;
        page.Add($"<section id=\"faults\"><h2>Faults and recovery</h2>\n");
        if (faults.Count == 0)
        {
            page.Add($"<p>No fault was injected.</p></section>\n");
            return;
        }

        page.Add($"<p class=\"soft small\">Detected counts from the injection, redelivery from the worker's death, ");
        page.Add($"the rest from the healing: the moment when the broker answers again or the worker is gone. ");
        page.Add($"Unknown and duplicated are counted until five seconds after it, so one job may count for two ");
        page.Add($"faults that are close to each other.</p>\n");
        WriteSummary(page, report);
        var open = faults.Count <= MaxUnfolded ? "open" : "";
        page.Add($"<details {open}><summary>Each of the {Of(faults.Count)} faults</summary>\n");
        page.Add($"<div class=\"scroll wide\"><table><tr><th>no.</th><th>fault</th><th>victim, proof</th>");
        page.Add($"<th class=\"n\">at</th><th class=\"n\">planned</th><th class=\"n\">lasted</th>");
        foreach (var stage in _stages)
        {
            page.Add($"<th class=\"n\">{StageText.Of(stage)}</th>");
        }

        page.Add($"<th class=\"n\">backlog</th><th class=\"n\">unknown</th><th class=\"n\">dupli&shy;cated</th>");
        page.Add($"<th class=\"n\">slowest job</th></tr>\n");
        foreach (var fault in faults.Take(MaxFaults))
        {
            WriteFault(page, fault, report);
        }

        page.Add($"</table></div>\n");
        if (faults.Count > MaxFaults)
        {
            page.Add($"<p class=\"soft small\">… and {Of(faults.Count - MaxFaults)} more.</p>\n");
        }

        page.Add($"</details></section>\n");
    }

    private static void WriteSummary(HtmlWriter page, RunReport report)
    {
        page.Add($"<div class=\"scroll\"><table><tr><th>fault</th><th>stage</th><th class=\"n\">came</th>");
        page.Add($"<th class=\"n\">median</th><th class=\"n\">p95</th><th class=\"n\">slowest</th>");
        page.Add($"<th>budget</th></tr>\n");
        if (report.Recovery.Summary is not { Count: > 0 } summaries)
        {
            page.Add($"</table></div>\n<p>No fault took effect.</p>\n");
            return;
        }

        var last = "";
        foreach (var summary in summaries.Where(summary => summary.Due > 0 || summary.Came > 0))
        {
            var name = summary.Fault == last ? "" : summary.Fault;
            last = summary.Fault;
            page.Add($"<tr><td class=\"name\">{name}</td><td class=\"name\">{StageText.Of(summary.Stage)}</td>");
            page.Add($"<td class=\"n\">{summary.Came} of {Math.Max(summary.Due, summary.Came)}</td>");
            page.Add($"<td class=\"n\">{Say(summary.Median)}</td><td class=\"n\">{Say(summary.P95)}</td>");
            page.Add($"<td class=\"n\">{Say(summary.Max)}</td>");
            WriteBudget(page, report, summary);
            page.Add($"</tr>\n");
        }

        page.Add($"</table></div>\n");
    }

    private static void WriteBudget(HtmlWriter page, RunReport report, StageSummary summary)
    {
        var budget = report.Budgets.FirstOrDefault(each => each.Stage == summary.Stage && each.IsFor(summary.Fault));
        if (budget is null)
        {
            page.Add($"<td></td>");
            return;
        }

        var faults = report.Recovery.Faults.Where(fault => fault.Name == summary.Fault).ToList();
        var missed = faults.Count(fault => budget.IsMetBy(fault) == false);
        var (style, words) = (budget.Judge(faults).IsMet, missed) switch
        {
            (null, _) => ("unmeasured", "not measured"),
            (_, 0) => ("met", $"✓ each within {StageText.Of(budget.Limit)}"),
            (true, _) => ("met", $"✓ {missed} over {StageText.Of(budget.Limit)}, within p{budget.Percentile}"),
            _ => ("missed", $"✗ {missed} over {StageText.Of(budget.Limit)}"),
        };
        page.Add($"<td class=\"name {style}\">{words}</td>");
    }

    private static void WriteFault(HtmlWriter page, FaultRecovery fault, RunReport report)
    {
        var until = fault.HealedAt ?? report.Timeline.End;
        page.Add($"<tr><td><button type=\"button\" data-at=\"{fault.InjectedAt.TotalSeconds}\" ");
        page.Add($"data-to=\"{until.TotalSeconds}\" title=\"Show it in the plots\">{fault.Fault}</button></td>");
        page.Add($"<td class=\"name\">{Cut(fault.Name, LongestText)}</td>");
        page.Add($"<td class=\"words\">{Cut(fault.Victim, LongestText)}");
        WriteOutcome(page, fault);
        page.Add($"</td><td class=\"n\">{At(fault.InjectedAt)}<br><span class=\"soft\">");
        page.Add($"{HtmlReport.Clock(report, fault.InjectedAt)}</span></td>");
        page.Add($"<td class=\"n\">{(fault.PlannedAt is { } planned ? At(planned) : "–")}</td>");
        var lasted = fault.HealedAt is null ? "to the end" : StageText.Of(until - fault.InjectedAt);
        page.Add($"<td class=\"n\">{lasted}</td>");
        foreach (var stage in _stages)
        {
            var budgets = report.Budgets.Where(each => each.Stage == stage && each.IsFor(fault.Name));
            var isMet = budgets.Select(budget => budget.IsMetBy(fault)).FirstOrDefault(each => each is not null);
            var (style, mark) = isMet switch
            {
                true => ("within", "✓ "),
                false => ("over", "✗ "),
                _ => ("", ""),
            };
            page.Add($"<td class=\"n {style}\">{mark}{ReportText.Stage(fault, stage)}</td>");
        }

        page.Add($"<td class=\"n\">{Of(fault.BacklogBefore)} → {Of(fault.BacklogPeak)}</td>");
        page.Add($"<td class=\"n\">{Of(fault.Unknown)}</td><td class=\"n\">{Of(fault.Duplicated)}</td>");
        page.Add($"<td class=\"n\">{Worst(fault)}</td></tr>\n");
    }

    private static void WriteOutcome(HtmlWriter page, FaultRecovery fault)
    {
        if (fault.Troubles.Count > 0 || fault.HappenedAt is null)
        {
            page.Add($"<br><span class=\"missed\">✗ {Cut(ReportText.Outcome(fault), 2 * LongestText)}</span>");
        }
        else if (fault.Proof.Length > 0)
        {
            page.Add($"<br><span class=\"soft\">{Cut(fault.Proof, LongestText)}</span>");
        }
    }

    private static string Worst(FaultRecovery fault) =>
        fault.WorstLatency > TimeSpan.Zero ? StageText.Of(fault.WorstLatency) : "–";

    private static string Say(TimeSpan? time) => time is { } known ? StageText.Of(known) : "never";
}
