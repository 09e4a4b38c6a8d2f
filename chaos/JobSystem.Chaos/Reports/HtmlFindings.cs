using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>What is wrong, class by class with the life of each job, and what is in doubt. Bounded, pure.</summary>
internal static class HtmlFindings
{
    private const int MaxFindings = 200;
    private const int MaxUnfolded = 5;
    private const int LongestText = 240;

    public static void Write(HtmlWriter page, Verdict verdict, IReadOnlyDictionary<string, string> logs)
    {
        WriteDoubts(page, verdict.Doubts);
        if (verdict.Findings.Count == 0)
        {
            return;
        }

        page.Add($"<section id=\"findings\"><h2>What is wrong</h2>\n");
        var groups = verdict.Findings.GroupBy(finding => finding.Kind).OrderBy(group => group.Key).ToList();
        foreach (var group in groups)
        {
            WriteKind(page, group.Key, [.. group], MaxFindings / groups.Count, logs);
        }

        page.Add($"</section>\n");
    }

    private static void WriteDoubts(HtmlWriter page, IReadOnlyList<string> doubts)
    {
        if (doubts.Count == 0)
        {
            return;
        }

        page.Add($"<section><h2>Why the verdict is unknown</h2><ul class=\"plain\">\n");
        foreach (var doubt in doubts.Take(MaxFindings))
        {
            page.Add($"<li>{Cut(doubt, 4 * LongestText)}</li>\n");
        }

        page.Add($"</ul></section>\n");
    }

    private static void WriteKind(
        HtmlWriter page, FindingKind kind, IReadOnlyList<Finding> findings, int most,
        IReadOnlyDictionary<string, string> logs)
    {
        page.Add($"<details open><summary><span class=\"kind\">{Of(findings.Count)} {ReportText.Name(kind)}</span> ");
        page.Add($"<span class=\"soft\">{ReportText.Meaning(kind)}</span></summary>\n");
        WriteAll(page, findings.Take(MaxUnfolded), "open", logs);
        if (findings.Count > MaxUnfolded)
        {
            page.Add($"<details><summary>{Of(findings.Count - MaxUnfolded)} more</summary>\n");
            WriteAll(page, findings.Take(most).Skip(MaxUnfolded), "", logs);
            if (findings.Count > most)
            {
                page.Add($"<p class=\"soft small\">… and {Of(findings.Count - most)} that are not told here.</p>\n");
            }

            page.Add($"</details>\n");
        }

        page.Add($"</details>\n");
    }

    /// <param name="page">Where to.</param>
    /// <param name="findings">Of one class.</param>
    /// <param name="first">Whether the life of the first one is shown at once.</param>
    /// <param name="logs">By the process.</param>
    private static void WriteAll(
        HtmlWriter page, IEnumerable<Finding> findings, string first, IReadOnlyDictionary<string, string> logs)
    {
        foreach (var finding in findings)
        {
            page.Add($"<details {first}><summary><code>{finding.Job.Value}</code> ");
            page.Add($"<span class=\"soft\">{Cut(finding.Evidence, LongestText)}</span></summary>\n");
            HtmlStories.Write(page, finding.Story, logs);
            page.Add($"</details>\n");
            first = "";
        }
    }
}
