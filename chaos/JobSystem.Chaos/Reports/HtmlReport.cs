using System.Globalization;
using System.Text;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// A report as one page that needs nothing but itself: it opens from a disk without a network, in light and dark, on a
/// telephone. Less than 3 MB whatever the number of jobs: plots are of bins, and at most 200 findings are told.
/// </summary>
public static class HtmlReport
{
    private static readonly string _style = Own("report.css");
    private static readonly string _script = Own("drawing.js") + Own("report.js") + Own("spectrum.js");

    public static void Write(RunReport report, Stream stream)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        Write(report, text);
    }

    public static void Write(RunReport report, TextWriter text)
    {
        var page = new HtmlWriter(text);
        page.Add($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Add($"<title>{ReportText.Word(report)}: {report.Experiment}</title>\n<style>\n");
        page.AddVerbatim(_style);
        page.Add($"</style></head>\n<body>\n");
        WriteBanner(page, report);
        WriteContents(page, report);
        HtmlEquation.Write(page, report.Verdict);
        HtmlFindings.Write(page, report.Verdict, report.Logs);
        WriteThresholds(page, report);
        HtmlPlots.Write(page, report);
        HtmlLatency.Write(page, report.Timeline);
        HtmlFaults.Write(page, report);
        HtmlStories.WriteTold(page, report);
        HtmlResources.Write(page, report);
        WriteNotes(page, report.Notes);
        HtmlStories.WriteLogs(page, report.Logs);
        page.Add($"<footer>Times are since the beginning of the run ({Clock(report, TimeSpan.Zero)} on the wall), ");
        page.Add($"minutes and seconds. This page is complete in ");
        page.Add($"itself; the same as data is in the JSON report beside it.</footer>\n<script>\n");
        page.AddVerbatim(_script);
        page.Add($"</script>\n</body></html>\n");
    }

    private static void WriteBanner(HtmlWriter page, RunReport report)
    {
        var kind = report.ExitCode switch
        {
            ChaosExitCode.Pass => "pass",
            ChaosExitCode.Broken => "fail",
            _ => "doubt",
        };
        page.Add($"<header class=\"banner {kind}\"><p class=\"word\">{ReportText.Word(report)}</p>\n");
        page.Add($"<h1>{report.Experiment}</h1>\n<p class=\"headline\">{report.Headline}</p>\n");
        page.Add($"<p class=\"soft\">{report.About}</p>\n<dl class=\"facts\">\n");
        Fact("seed", report.Seed);
        Fact("began", report.StartedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'zzz", CultureInfo.InvariantCulture));
        Fact("load began", report.LoadBeganAt is { } load ? $"{At(load)}, {Clock(report, load)}" : "");
        Fact("took", Of(report.Duration));
        Fact("exit code", $"{report.ExitCode} ({ChaosExitCode.InWords(report.ExitCode)})");
        Fact("target", report.Target);
        Fact("fleet", report.Fleet);
        Fact("versions", report.Versions);
        Fact("machine", report.Machine);
        page.Add($"</dl>\n<p class=\"small soft\">Do the same again:</p>\n<div class=\"repeat\">");
        page.Add($"<code id=\"repeat\">{report.RepeatLine}</code>");
        page.Add($"<button id=\"copy\" type=\"button\">Copy</button></div>\n</header>\n");

        void Fact(string name, string value)
        {
            if (value.Length > 0)
            {
                page.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");
            }
        }
    }

    private static void WriteContents(HtmlWriter page, RunReport report)
    {
        page.Add($"<nav>");
        page.Add($"<a href=\"#jobs\">Jobs</a>");
        if (report.Verdict.Findings.Count > 0)
        {
            page.Add($"<a href=\"#findings\">What is wrong</a>");
        }

        if (report.AllThresholds.Count > 0)
        {
            page.Add($"<a href=\"#thresholds\">Thresholds</a>");
        }

        page.Add($"<a href=\"#when\">Over time</a><a href=\"#latency\">Latency</a>");
        page.Add($"<a href=\"#faults\">Faults</a>");
        if (report.ToldJobs.Count > 0)
        {
            page.Add($"<a href=\"#lives\">Lives of jobs</a>");
        }

        if (report.Resources.Processes.Count > 0)
        {
            page.Add($"<a href=\"#resources\">Resources</a>");
        }

        if (report.Logs.Count > 0)
        {
            page.Add($"<a href=\"#logs\">Logs</a>");
        }

        page.Add($"</nav>\n");
    }

    private static void WriteThresholds(HtmlWriter page, RunReport report)
    {
        if (report.AllThresholds is not { Count: > 0 } thresholds)
        {
            return;
        }

        page.Add($"<section id=\"thresholds\"><h2>Thresholds</h2><div class=\"scroll\"><table>\n");
        page.Add($"<tr><th></th><th>what</th><th>limit</th><th>measured</th></tr>\n");
        foreach (var threshold in thresholds)
        {
            var (style, word) = threshold.IsMet switch
            {
                true => ("met", "✓ met"),
                false => ("missed", "✗ missed"),
                _ => ("unmeasured", "not measured"),
            };
            page.Add($"<tr><td class=\"name {style}\">{word}</td><td class=\"words\">{threshold.Name}</td>");
            page.Add($"<td>{threshold.Limit}</td><td class=\"words\">{threshold.Measured}</td></tr>\n");
        }

        page.Add($"</table></div></section>\n");
    }

    private static void WriteNotes(HtmlWriter page, IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
        {
            return;
        }

        page.Add($"<section><h2>Notes</h2><ul class=\"plain\">\n");
        foreach (var note in notes)
        {
            page.Add($"<li>{note}</li>\n");
        }

        page.Add($"</ul></section>\n");
    }

    /// <summary>A moment of the run on the wall.</summary>
    internal static string Clock(RunReport report, TimeSpan at) =>
        report.OnTheWall(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A file that is built into the program.</summary>
    internal static string Own(string file)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The program was built without {file}.");
        return new StreamReader(stream, Encoding.UTF8).ReadToEnd();
    }
}
