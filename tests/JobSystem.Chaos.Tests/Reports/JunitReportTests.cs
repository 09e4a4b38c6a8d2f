using System.Xml.Linq;
using JobSystem.Chaos.Reports;
using Xunit;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>A build server must be able to read it, whatever is in it, and see every property by name.</summary>
public sealed class JunitReportTests
{
    [Fact]
    public void Several_runs_are_several_suites_of_one_file()
    {
        var suites = Written(Samples.Passing(), Samples.Everything()).Root!.Elements("testsuite").ToList();

        Assert.Equal(2, suites.Count);
        Assert.Equal("chaos.hand-made", suites[0].Attribute("name")!.Value);
        Assert.Equal("2026-01-02T02:04:05", suites[0].Attribute("timestamp")!.Value);
    }

    [Fact]
    public void A_run_that_passes_has_neither_failure_nor_error()
    {
        var suite = Written(Samples.Passing()).Root!.Element("testsuite")!;

        Assert.Empty(suite.Descendants("failure").Concat(suite.Descendants("error")));
        Assert.Contains(suite.Elements("testcase"), each => (string?)each.Attribute("name") == "payloads are intact");
    }

    [Theory]
    [InlineData("no confirmed job is lost", "failure")]
    [InlineData("no confirmed job is stuck", "failure")]
    [InlineData("no dead letter that is not allowed", "failure")]
    [InlineData("acks come last", "")]
    [InlineData("payloads are intact", "")]
    [InlineData("nothing is in doubt", "error")]
    [InlineData("fault 1 took effect, worker-kill on w1", "")]
    [InlineData("fault 2 took effect, broker-kill on node 0", "error")]
    [InlineData("confirm p99: at most 250 ms", "failure")]
    [InlineData("backlog: at most 10", "")]
    [InlineData("silence: at most 1 s", "skipped")]
    public void Every_property_is_a_case_of_its_own(string name, string outcome)
    {
        var test = Assert.Single(
            Written(Samples.Everything()).Descendants("testcase"), each => each.Attribute("name")!.Value == name);

        Assert.Equal(outcome, test.Elements().SingleOrDefault()?.Name.LocalName ?? "");
    }

    [Fact]
    public void The_sums_of_the_suite_are_those_of_its_cases()
    {
        var suite = Written(Samples.Everything()).Root!.Element("testsuite")!;

        Assert.Equal(suite.Elements("testcase").Count(), (int)suite.Attribute("tests")!);
        Assert.Equal(suite.Descendants("failure").Count(), (int)suite.Attribute("failures")!);
        Assert.Equal(suite.Descendants("error").Count(), (int)suite.Attribute("errors")!);
        Assert.Equal(suite.Descendants("skipped").Count(), (int)suite.Attribute("skipped")!);
    }

    [Fact]
    public void Hostile_text_and_control_characters_are_only_text()
    {
        var xml = Written(Samples.Attacked() with { RepeatLine = "\u0000\u001b[31m\uD800 \uD83D\uDE00 ]]>" });

        var repeat = xml.Descendants("property").Single(each => each.Attribute("name")!.Value == "repeat");
        Assert.Equal("\uFFFD\uFFFD[31m\uFFFD \uD83D\uDE00 ]]>", repeat.Attribute("value")!.Value);
        Assert.Equal($"chaos.{Samples.Hostile}", xml.Root!.Element("testsuite")!.Attribute("name")!.Value);
    }

    private static XDocument Written(params RunReport[] reports)
    {
        using var stream = new MemoryStream();
        JunitReport.Write(reports, stream);
        stream.Position = 0;
        return XDocument.Load(stream);
    }
}
