using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>Lives of jobs on the page, each step with a link to the log of its process. Bounded, pure.</summary>
internal static class HtmlStories
{
    private const int MaxOfStory = 24;
    private const int LongestText = 240;
    private const int MaxLogs = 500;

    /// <summary>Jobs with which nothing is wrong, class by class; nothing where there are none.</summary>
    public static void WriteTold(HtmlWriter page, RunReport report)
    {
        if (report.ToldJobs.Count == 0)
        {
            return;
        }

        page.Add($"<section id=\"lives\"><h2>Lives of jobs</h2>\n");
        foreach (var group in report.ToldJobs.GroupBy(told => told.Class))
        {
            page.Add($"<h3>{group.Key}</h3>\n");
            foreach (var told in group)
            {
                page.Add($"<details><summary><code>{Cut(told.Job.Value, LongestText)}</code> ");
                page.Add($"<span class=\"soft\">{Cut(told.Evidence, LongestText)}</span></summary>\n");
                Write(page, told.Story, report.Logs);
                page.Add($"</details>\n");
            }
        }

        page.Add($"</section>\n");
    }

    /// <summary>Of a long life the beginning and the end.</summary>
    public static void Write(
        HtmlWriter page, IReadOnlyList<HistoryEntry> story, IReadOnlyDictionary<string, string> logs)
    {
        if (story.Count == 0)
        {
            page.Add($"<p class=\"soft small\">Its life is not told: there are too many of its kind.</p>\n");
            return;
        }

        page.Add($"<ol class=\"story\">\n");
        for (var index = 0; index < story.Count; index++)
        {
            if (story.Count > MaxOfStory && index == MaxOfStory / 2)
            {
                var left = story.Count - MaxOfStory;
                page.Add($"<li><time>…</time><p class=\"soft\">{left} more</p></li>\n");
                index += left;
            }

            var entry = story[index];
            page.Add($"<li><time>{At(entry.At)}</time><p>{Cut(EventText.Of(entry.Event), LongestText)}");
            if (EventText.ProcessOf(entry.Event) is { } process && logs.TryGetValue(process, out var log))
            {
                page.Add($" <a href=\"{log}\">log</a>");
            }

            page.Add($"</p></li>\n");
        }

        page.Add($"</ol>\n");
    }

    public static void WriteLogs(HtmlWriter page, IReadOnlyDictionary<string, string> logs)
    {
        if (logs.Count == 0)
        {
            return;
        }

        page.Add($"<section id=\"logs\"><h2>Logs</h2>\n<p class=\"links\">");
        foreach (var (process, log) in logs.OrderBy(each => each.Key, StringComparer.Ordinal).Take(MaxLogs))
        {
            page.Add($"<a href=\"{log}\">{process}</a> ");
        }

        page.Add($"</p>\n<p class=\"soft small\">Beside this page, one file a process; of the broker where it is ");
        page.Add($"ours.</p></section>\n");
    }
}
