using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>The page is whole in itself, adds up, and is not broken by what others wrote.</summary>
public sealed partial class HtmlReportTests
{
    [Fact]
    public void The_page_needs_nothing_but_itself()
    {
        var page = Page(Samples.Everything());

        Assert.DoesNotMatch(@"<link|<iframe|<img|@import|url\(|\bsrc\s*=|https?://(?!www\.w3\.org/2000/svg)", page);
    }

    [Theory]
    [InlineData("PASS", "pass")]
    [InlineData("FAIL", "fail")]
    public void The_verdict_is_said_in_a_word_and_in_colour(string word, string colour)
    {
        var page = Page(word == "PASS" ? Samples.Passing() : Samples.Everything());

        Assert.Contains($"<header class=\"banner {colour}\"><p class=\"word\">{word}</p>", page);
        Assert.Contains($"<title>{word}: hand-made</title>", page);
        Assert.Contains("<code id=\"repeat\">chaos run hand-made.yaml --seed 0x2A</code>", page);
    }

    [Fact]
    public void The_equation_adds_up_with_every_class_by_its_name()
    {
        var equations = EquationsOf(Page(Samples.Everything()));

        Assert.Equal([("intended", 8), ("confirmed", 6), ("rejected", 1), ("unknown", 1)], equations[0]);
        Assert.Equal(
            [
                ("confirmed", 6), ("finished", 2), ("dead-lettered", 1), ("destroyed on purpose", 1), ("stuck", 1),
                ("lost", 1),
            ],
            equations[1]);
        Assert.All(equations, terms => Assert.Equal(terms[0].Count, terms.Skip(1).Sum(term => term.Count)));
    }

    [Fact]
    public void What_was_not_looked_for_is_not_called_lost()
    {
        var equations = EquationsOf(Page(new HandMade().Enqueued(0, 1).Report()));

        Assert.Equal(("not looked for", 1), equations[1][^1]);
    }

    [Fact]
    public void Text_of_others_is_nowhere_more_than_text()
    {
        var page = Page(Samples.Attacked());

        Assert.DoesNotContain("<img", page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotContain("alert('x')", page);
        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.Contains("&lt;/script&gt;&lt;script&gt;alert(&#39;x&#39;)", page);
    }

    [Fact]
    public void Data_of_the_plots_are_json_with_the_text_as_it_was()
    {
        using var data = DataOf(Page(Samples.Attacked()));

        Assert.Equal(Samples.Hostile, data.RootElement.GetProperty("faults")[0].GetProperty("name").GetString());
        Assert.Equal(Samples.Hostile, data.RootElement.GetProperty("phases")[0].GetProperty("phase").GetString());
    }

    [Theory]
    [InlineData("<b>", "&lt;b&gt;")]
    [InlineData("a & b", "a &amp; b")]
    [InlineData("\"'", "&quot;&#39;")]
    [InlineData("up\u001b[31mside", "up\uFFFD[31mside")]
    [InlineData("turned \u202Eround", "turned \uFFFDround")]
    [InlineData("two\nlines", "two\nlines")]
    public void What_means_something_to_a_page_is_escaped(string text, string escaped) =>
        Assert.Equal(escaped, HtmlWriter.Escape(text));

    [Fact]
    public void Each_bad_job_has_its_life_told_in_its_class()
    {
        var page = Page(Samples.Everything());

        Assert.Matches(@"<span class=""kind"">1 lost</span>[^$]*?<code>job-2</code>", page);
        Assert.Matches(@"<code>job-7</code>[^$]*?<time>0:06\.000</time><p>It is still in the queue", page);
        Assert.Contains("A file is damaged.", page);
    }

    [Fact]
    public void However_much_is_wrong_the_page_stays_small()
    {
        var history = new HandMade();
        for (var job = 0; job < 3000; job++)
        {
            history.Enqueued(job * 0.001, job);
            for (var run = 0; run < 12; run++)
            {
                history.At(5 + run, new HistoryEvent.RunFailed(Job(job), Run("w", run), new string('<', 4000)));
            }
        }

        var page = Page(history.At(30, new HistoryEvent.Drained(IsComplete: true)).Report());

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 100_000, 3_000_000);
        Assert.Contains("3,000 lost", page);
        Assert.Contains("and 2,800 that are not told here", page);
    }

    [Fact]
    public void Latencies_stand_in_a_table_and_as_curves()
    {
        var page = Page(Samples.Everything());
        using var data = DataOf(page);
        var curves = data.RootElement.GetProperty("spectrum").EnumerateArray().ToList();

        Assert.All(LatencyMeasure.All, measure => Assert.Contains($"<td class=\"name\">{measure.Title}</td>", page));
        Assert.Equal(
            ["confirmed, from due", "confirmed, from sent", "finished, from due", "delay, due to sent"],
            curves.Select(curve => curve.GetProperty("name").GetString()));
        Assert.All(curves, curve => Assert.InRange(curve.GetProperty("points").GetArrayLength(), 2, 400));
        Assert.Contains("<td class=\"name\">long, 10 %: finished</td><td class=\"name\">exp(1000ms)</td>", page);
        Assert.Contains("1 enqueue was given up on without an answer", page);
    }

    [Fact]
    public void However_many_jobs_there_were_the_page_stays_small()
    {
        var fold = new RunFold(Samples.Mixed);
        for (var job = 0; job < 200_000; job++)
        {
            var at = TimeSpan.FromMilliseconds(job * 3);
            fold.Add(new HistoryEntry(1, at, new HistoryEvent.EnqueueIntended(Job(job), 7, Late: at / 10)));
            fold.Add(new HistoryEntry(2, at, new HistoryEvent.EnqueueConfirmed(Job(job))));
        }

        var page = Page(Samples.Everything() with { Timeline = fold.ToTimeline() });

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 50_000, 1_000_000);
    }

    [Fact]
    public void A_fault_shows_its_stages_its_proof_and_its_trouble()
    {
        var page = Page(Samples.Everything());

        Assert.Contains("worker-kill</td><td class=\"words\">w1<br><span class=\"soft\">exit code 137", page);
        Assert.Contains("✗ was not seen to take effect: it answers", page);
        Assert.Contains("<td class=\"n within\">✓ 400 ms</td>", page);
    }

    [Fact]
    public void A_fault_shows_when_it_was_planned_and_when_it_came_on_the_wall()
    {
        var report = Samples.Everything();
        var faults = report.Recovery.Faults
            .Select(fault => fault with { PlannedAt = TimeSpan.FromSeconds(1.5) }).ToList();
        var page = Page(report with { Recovery = new Recovery(faults) });

        Assert.Contains("<td class=\"n\">0:02.000<br><span class=\"soft\">03:04:07</span></td>" +
            "<td class=\"n\">0:01.500</td>", page);
    }

    [Fact]
    public void The_slowest_and_the_duplicated_jobs_have_their_lives_told_with_links_to_the_logs()
    {
        var page = Page(Samples.Everything());

        Assert.Matches(@"<h3>slowest</h3>[^$]*?<code>job-", page);
        Assert.Matches(
            @"<h3>finished more than once</h3>[^$]*?<code>job-8</code>[^$]*?w2 did the work in run \d+\. " +
            @"<a href=""logs/w2\.log"">log</a>", page);
        Assert.Contains("<a href=\"logs/w2.log\">w2</a>", page);
    }

    [Fact]
    public void The_set_up_is_outside_of_the_axis_of_the_plots()
    {
        var report = new HandMade().Workers("w1").At(3, new HistoryEvent.PhaseBegan("load")).Enqueued(4, 1).Report();
        using var data = DataOf(Page(report));

        Assert.Equal(3, data.RootElement.GetProperty("begin").GetDouble());
    }

    [Fact]
    public void An_empty_run_has_a_page_too() =>
        Assert.Contains("No fault was injected.", Page(new HandMade().Report()));

    [Fact]
    public void Every_tag_that_opens_is_closed()
    {
        foreach (var report in new[] { Samples.Everything(), Samples.Passing(), Samples.Attacked() })
        {
            var page = Regex.Replace(Page(report), "<(script|style)[^>]*>.*?</\\1>", "", RegexOptions.Singleline);
            foreach (var tag in "div section p span table tr td th details summary ul ol li dl code".Split(' '))
            {
                Assert.True(
                    Regex.Count(page, $"<{tag}[ >]") == Regex.Count(page, $"</{tag}>"), $"<{tag}> is not closed");
            }
        }
    }

    private static string Page(RunReport report)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(report, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static JsonDocument DataOf(string page) =>
        JsonDocument.Parse(Regex.Match(page, "id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);

    private static List<List<(string Name, int Count)>> EquationsOf(string page) =>
    [
        .. Regex.Matches(page, "<p class=\"terms\">(.*?)</p>", RegexOptions.Singleline).Select(strip =>
            Term().Matches(strip.Value).Select(term =>
                (term.Groups["name"].Value, int.Parse(term.Groups["count"].Value.Replace(",", "")))).ToList()),
    ];

    [GeneratedRegex("<b>(?<count>[0-9,]+)</b> (?<name>[^<]+)</span>")]
    private static partial Regex Term();
}
