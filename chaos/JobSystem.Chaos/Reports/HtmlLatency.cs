using System.Text.Json;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Measuring;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// How long things took: every measure as a row and as a curve over the percentiles, with the words that say what each
/// of them means. Bounded, pure.
/// </summary>
internal static class HtmlLatency
{
    private static readonly double[] _percentiles = [50, 90, 99, 99.9, 99.99, 100];

    /// <summary>What the plot shows, in which colour; the page's style knows it.</summary>
    private static readonly (string Measure, string Colour, bool IsDashed)[] _curves =
    [
        ("confirm", "blue", false), ("confirm-sent", "blue", true), ("finished", "green", false),
        ("delay", "orange", false),
    ];

    public static void Write(HtmlWriter page, Timeline timeline)
    {
        page.Add($"<section id=\"latency\"><h2>Latency</h2>\n");
        WriteWords(page, timeline);
        page.Add($"<div class=\"scroll\"><table>");
        WriteHead(page, "");
        foreach (var measure in LatencyMeasure.All)
        {
            WriteRow(page, measure.Title, "", timeline.Of(measure.Name));
        }

        page.Add($"</table></div>\n<div class=\"plots\" id=\"spectrum\"></div>\n");
        WriteKinds(page, timeline.Kinds);
        page.Add($"</section>\n");
    }

    /// <summary>The curves, for the page's script.</summary>
    public static void WriteCurves(Utf8JsonWriter json, Timeline timeline)
    {
        json.WriteStartArray("spectrum");
        foreach (var (name, colour, isDashed) in _curves)
        {
            var measure = LatencyMeasure.All.First(each => each.Name == name);
            json.WriteStartObject();
            json.WriteString("name", measure.Title);
            json.WriteString("colour", colour);
            json.WriteBoolean("dashed", isDashed);
            json.WriteStartArray("points");
            foreach (var point in PercentileSpectrum.Of(timeline.Of(measure.Name)))
            {
                json.WriteNumberValue(Math.Round(point.OneOf, 4));
                json.WriteNumberValue(Math.Round(point.Value.TotalSeconds, 6));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWords(HtmlWriter page, Timeline timeline)
    {
        if (LatencyText.Rates(timeline.Rates) is { } rates)
        {
            page.Add($"<p>{rates}</p>\n");
        }

        if (LatencyText.Contrast(timeline) is { } contrast)
        {
            page.Add($"<p>{contrast}</p>\n");
        }

        foreach (var remark in LatencyText.Remarks(timeline))
        {
            page.Add($"<p class=\"unmeasured\">{remark}</p>\n");
        }

        page.Add($"<p class=\"soft small\"><b>From due</b> is what a user feels: the clock starts when the job was ");
        page.Add($"to be enqueued, whether or not it could be, so waiting for a broken broker counts. <b>From ");
        page.Add($"sent</b> is what a tool says that starts its clock at the publish: while the broker stalls such a ");
        page.Add($"tool sends little, so it measures little of the stall. <b>Delay</b> lies between them: how late ");
        page.Add($"the load itself was, because too many enqueues were without an answer or its generator was too ");
        page.Add($"slow.</p>\n");
    }

    private static void WriteKinds(HtmlWriter page, IReadOnlyList<KindLatency> kinds)
    {
        if (kinds.Count == 0)
        {
            return;
        }

        page.Add($"<h3>By kind of job, from due</h3>\n<p class=\"soft small\">The work of a job is part of the time ");
        page.Add($"until it is finished. Jobs that were never sent are of no kind.</p>\n");
        page.Add($"<div class=\"scroll\"><table>");
        WriteHead(page, "<th>work</th><th>payload</th>");
        var whole = kinds.Sum(kind => kind.Kind.Weight);
        foreach (var kind in kinds)
        {
            var share = $"{kind.Kind.Name}, {ShareOf(kind.Kind.Weight / whole)}";
            Row($"{share}: confirmed", kind, kind.ToConfirm);
            Row($"{share}: finished", kind, kind.EndToEnd);
        }

        page.Add($"</table></div>\n");

        void Row(string title, KindLatency kind, Histogram histogram)
        {
            var what = new StringWriter();
            new HtmlWriter(what).Add($"<td class=\"name\">{kind.Work}</td><td class=\"name\">{kind.Payload}</td>");
            WriteRow(page, title, what.ToString(), histogram);
        }
    }

    private static string ShareOf(double share) => FormattableString.Invariant($"{share * 100:0.#} %");

    private static void WriteHead(HtmlWriter page, string more)
    {
        page.Add($"<tr><th></th>");
        page.AddVerbatim(more);
        page.Add($"<th class=\"n\">jobs</th>");
        foreach (var percentile in _percentiles)
        {
            page.Add($"<th class=\"n\">{LatencyText.Percentile(percentile)}</th>");
        }

        page.Add($"</tr>\n");
    }

    private static void WriteRow(HtmlWriter page, string title, string more, Histogram histogram)
    {
        page.Add($"<tr><td class=\"name\">{title}</td>");
        page.AddVerbatim(more);
        page.Add($"<td class=\"n\">{Of(histogram.Count)}</td>");
        foreach (var percentile in _percentiles)
        {
            page.Add($"<td class=\"n\">{(histogram.Count == 0 ? "–" : Of(histogram.ValueAt(percentile)))}</td>");
        }

        page.Add($"</tr>\n");
    }
}
