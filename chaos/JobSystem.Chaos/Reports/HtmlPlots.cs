using System.Buffers;
using System.Text;
using System.Text.Json;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// The place of the plots and what they are drawn of. The data are JSON whose every character that means something to a
/// page is escaped, so no text of others can end the script. Pure.
/// </summary>
internal static class HtmlPlots
{
    private const int MaxFaults = 1000;
    private const int LongestText = 120;

    public static void Write(HtmlWriter page, RunReport report)
    {
        var timeline = report.Timeline;
        page.Add($"<section id=\"when\"><h2>Over time</h2>\n");
        page.Add($"<p class=\"soft small\">A point is {Of(timeline.BinWidth)}. ");
        page.Add($"Shaded: from a fault's injection to its healing. Latencies stand where their jobs were due. ");
        page.Add($"The set-up is left out; a rate far above all others is cut off and told at its arrow. ");
        page.Add($"Drag with the mouse to look closer; a double click shows all.</p>\n");
        page.Add($"<noscript><p>The plots need JavaScript. Everything else on this page does not.</p></noscript>\n");
        page.Add($"<div class=\"reading\"><b id=\"at\"></b>");
        page.Add($"<span id=\"now\" class=\"soft\">Point at a plot to read it.</span>");
        page.Add($"<button id=\"all\" type=\"button\" hidden>Show all</button></div>\n");
        page.Add($"<div class=\"plots\" id=\"plots\"></div></section>\n<script type=\"application/json\" id=\"data\">");
        page.AddVerbatim(DataOf(report));
        page.Add($"</script>\n");
    }

    /// <summary>With the default encoder: no &lt;, &gt;, &amp; or quote of others is left as it is.</summary>
    private static string DataOf(RunReport report)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteSeconds("width", report.Timeline.BinWidth);
            json.WriteSeconds("begin", report.LoadBeganAt ?? TimeSpan.Zero);
            json.WriteSeconds("end", report.Timeline.End);
            json.WriteNumber("wall", report.StartedAt.ToUnixTimeMilliseconds());
            json.WriteNumber("zone", report.StartedAt.TotalOffsetMinutes);
            WritePhases(json, report.Timeline);
            WriteFaults(json, report);
            JsonTimeline.WriteBins(json, report.Timeline.Bins);
            HtmlLatency.WriteCurves(json, report.Timeline);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WritePhases(Utf8JsonWriter json, Timeline timeline)
    {
        json.WriteStartArray("phases");
        foreach (var phase in timeline.Phases.Take(MaxFaults))
        {
            json.WriteStartObject();
            json.WriteString("phase", Cut(phase.Phase, LongestText));
            json.WriteSeconds("at", phase.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFaults(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("faults");
        foreach (var fault in report.Recovery.Faults.Take(MaxFaults))
        {
            json.WriteStartObject();
            json.WriteNumber("number", fault.Fault);
            json.WriteString("name", Cut(fault.Name, LongestText));
            json.WriteString("victim", Cut(fault.Victim, LongestText));
            json.WriteSeconds("at", fault.InjectedAt);
            json.WriteSeconds("to", fault.HealedAt ?? report.Timeline.End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
