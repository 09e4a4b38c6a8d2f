using System.Text.Json.Nodes;
using System.Xml.Linq;
using JobSystem.Chaos.Load.Capacity;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Tests.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Capacity;

public sealed class CapacityReportTests
{
    private static readonly ThresholdResult _missed = new("finished.p99", "at most 2 s", "<3 s> over 200 jobs", false);

    private static readonly CapacityPlan _plan = new(
        new SearchRange(20, null, 0.05), TimeSpan.FromSeconds(10), 7,
        CapacityPlan.Settled(new Experiment { Name = "load", About = "A load." }), "chaos find-max --seed 7", "load");

    private static readonly JsonNode _schema = JsonNode.Parse(
        File.ReadAllText(Repository.PathOf("chaos/schemas/find-max.schema.json")))!;

    [Fact]
    public void It_says_what_was_kept_and_what_was_not_and_why()
    {
        var report = Found();

        Assert.Equal(
            "Highest rate within the limits: 40/s; first beyond them: 42/s, because of finished.p99: " +
            "<3 s> over 200 jobs (at most 2 s).", report.Answer);
        Assert.StartsWith("At 40/s a job takes 49", report.Little, StringComparison.Ordinal);
        Assert.Equal(ChaosExitCode.Pass, report.ExitCode);
    }

    [Fact]
    public void Its_exit_code_says_how_the_search_ended()
    {
        var nothing = Report(new SearchMove.NothingKept(42), CapacityStepTests.Step(0.1, 20, _missed, 1, 42));
        var stopped = Report(new SearchMove.Try(80), CapacityStepTests.Step(0.1, 20));
        var lost = Report(new SearchMove.Try(20), CapacityStep.Of(
            1, 20, _plan.Step, new HandMade().Enqueued(0.1, 1).At(1, new HistoryEvent.Drained(true)).Report(), "/x"));

        Assert.Equal(ChaosExitCode.Missed, nothing.ExitCode);
        Assert.StartsWith("Not even 42/s is within the limits", nothing.Answer, StringComparison.Ordinal);
        Assert.Equal(ChaosExitCode.Unknown, stopped.ExitCode);
        Assert.Contains("so far: 20/s", stopped.Answer, StringComparison.Ordinal);
        Assert.Equal(ChaosExitCode.Broken, lost.ExitCode);
        Assert.Contains("1 lost", lost.Answer, StringComparison.Ordinal);
        Assert.All([nothing, stopped, lost], report => Assert.Equal([], ProblemsOf(report)));
    }

    [Fact]
    public void The_json_is_what_the_schema_says() => Assert.Equal([], ProblemsOf(Found()));

    [Fact]
    public void The_page_is_whole_and_escapes_what_others_wrote()
    {
        using var stream = new MemoryStream();
        CapacityHtml.Write(Found(), stream);
        var page = System.Text.Encoding.UTF8.GetString(stream.ToArray());

        Assert.Contains("&lt;3 s&gt; over 200 jobs", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<3 s>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains("step-03-at-42", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"find-max.json\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_junit_has_a_case_for_the_answer_and_one_for_each_step()
    {
        using var stream = new MemoryStream();
        CapacityJunit.Write(Found(), stream);
        stream.Position = 0;
        var suite = XDocument.Load(stream).Root!.Element("testsuite")!;

        Assert.Equal("4", suite.Attribute("tests")!.Value);
        Assert.Equal("0", suite.Attribute("failures")!.Value);
    }

    [Fact]
    public void The_table_is_in_the_order_of_the_rates() => Assert.Equal(
        ["20/s", "40/s", "42/s"], Found().InOrder.Select(step => CapacityText.Cells(step)[0]));

    [Fact]
    public void A_load_without_limits_and_patience_gets_them()
    {
        var load = _plan.Load;

        Assert.Equal(["confirm.p99", "finished.p99", "delay.p99"], load.Expect.Latency.Select(limit => limit.Name));
        Assert.Equal(TimeSpan.FromSeconds(4), load.Workload.Patience);
        Assert.Equal(400, _plan.At(40).Workload.Jobs);
    }

    private static CapacityReport Found() => Report(
        new SearchMove.Found(40, 42), CapacityStepTests.Step(0.49, 30),
        CapacityStepTests.Step(0.49, 30, number: 2, rate: 40), CapacityStepTests.Step(0.49, 30, _missed, 3, 42));

    private static CapacityReport Report(SearchMove end, params IReadOnlyList<CapacityStep> steps) => new()
    {
        Steps = steps,
        End = end,
        Plan = _plan,
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Duration = TimeSpan.FromMinutes(3),
    };

    private static IReadOnlyList<string> ProblemsOf(CapacityReport report)
    {
        using var stream = new MemoryStream();
        CapacityJson.Write(report, stream);
        return new JsonShape(_schema).ProblemsOf(JsonNode.Parse(stream.ToArray()));
    }
}
