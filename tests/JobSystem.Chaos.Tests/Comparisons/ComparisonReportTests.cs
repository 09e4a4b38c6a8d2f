using System.Text.Json.Nodes;
using System.Xml.Linq;
using JobSystem.Chaos.Load.Comparisons;
using JobSystem.Chaos.Tests.Reports;
using JobSystem.Terminal.Arguments;
using Xunit;

namespace JobSystem.Chaos.Tests.Comparisons;

public sealed class ComparisonReportTests
{
    private static readonly JsonNode _schema = JsonNode.Parse(
        File.ReadAllText(Repository.PathOf("chaos/schemas/compare.schema.json")))!;

    [Fact]
    public void A_faster_build_is_called_faster()
    {
        var report = Report(rate: 1.041, latency: 1, rounds: 10);

        Assert.Matches(
            @"^finished rate: B is 4\.\d % faster \([34]\.\d % to 4\.\d %\)\.$", ComparisonText.Headline(report));
        Assert.Matches(
            "^no difference seen: within -0.[0-9] % to [+]?0.[0-9] %$", ComparisonText.Verdict(report.Metrics[1]));
        Assert.Equal(ChaosExitCode.Pass, report.ExitCode);
        Assert.Equal("DIFFERENT", ComparisonText.Word(report));
    }

    [Fact]
    public void Less_of_a_rate_and_more_of_a_latency_are_worse()
    {
        Assert.Equal(ChaosExitCode.Missed, Report(rate: 0.9, latency: 1, rounds: 10, maxWorse: 0.05).ExitCode);
        Assert.Equal(ChaosExitCode.Missed, Report(rate: 1, latency: 1.1, rounds: 10, maxWorse: 0.05).ExitCode);
        Assert.Equal(ChaosExitCode.Pass, Report(rate: 1.1, latency: 0.9, rounds: 10, maxWorse: 0.05).ExitCode);
        Assert.Equal(ChaosExitCode.Pass, Report(rate: 0.955, latency: 1.04, rounds: 10, maxWorse: 0.05).ExitCode);
    }

    [Fact]
    public void A_run_that_lost_a_job_is_all_that_matters()
    {
        var report = Report(rate: 2, latency: 0.5, rounds: 10, last: ChaosExitCode.Broken);

        Assert.Equal(ChaosExitCode.Broken, report.ExitCode);
        Assert.StartsWith("B ended round 10 with 1 (the promise was broken)", ComparisonText.Headline(report));
        Assert.Equal([], ProblemsOf(report));
    }

    [Fact]
    public void Too_few_rounds_say_nothing()
    {
        var report = Report(rate: 2, latency: 1, rounds: 5);

        Assert.Equal(ChaosExitCode.Unknown, report.ExitCode);
        Assert.Equal("No conclusion: that takes 6 rounds.", ComparisonText.Headline(report));
        Assert.Equal([], ProblemsOf(report));
    }

    [Fact]
    public void A_round_that_is_not_whole_is_left_out()
    {
        var whole = Report(rate: 1.2, latency: 1, rounds: 8);
        var cut = ComparisonReport.Of(whole.Plan, [.. whole.Runs.SkipLast(1)], true, default, default);

        Assert.Equal(7, cut.Metrics[0].Pairs.Count);
        Assert.StartsWith("Interrupted. finished rate: B is 2", ComparisonText.Headline(cut));
    }

    [Fact]
    public void The_json_is_what_the_schema_says() =>
        Assert.Equal([], ProblemsOf(Report(rate: 0.8, latency: 1, rounds: 10, maxWorse: 0.05)));

    [Fact]
    public void The_page_is_whole()
    {
        using var stream = new MemoryStream();
        ComparisonHtml.Write(Report(rate: 0.8, latency: 1, rounds: 10, maxWorse: 0.05), stream);
        var page = System.Text.Encoding.UTF8.GetString(stream.ToArray());

        Assert.Equal(20, page.Split("<circle").Length - 1);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_junit_fails_for_what_is_too_much_worse()
    {
        using var stream = new MemoryStream();
        ComparisonJunit.Write(Report(rate: 0.8, latency: 1, rounds: 10, maxWorse: 0.05), stream);
        stream.Position = 0;
        var suite = XDocument.Load(stream).Root!.Element("testsuite")!;

        Assert.Equal(("3", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
    }

    [Fact]
    public void Who_is_first_changes_and_the_jobs_of_a_round_are_the_same()
    {
        var plan = Report(rate: 1, latency: 1, rounds: 6).Plan;

        Assert.Equal(
            "ABBAAB", string.Concat(Enumerable.Range(1, 3).SelectMany(plan.OrderOf).Select(each => each.Name)));
        Assert.Equal([7, 8, 9], Enumerable.Range(1, 3).Select(plan.SeedOf));
    }

    [Theory]
    [InlineData("artifacts/bin/JobSystem.Chaos.Cli/release")]
    [InlineData("artifacts/bin/JobSystem.Chaos/release")]
    public void A_build_is_found_in_its_folder_and_in_its_clone_also_where_it_once_was(string built)
    {
        using var folder = new ScratchFolder();
        var place = Directory.CreateDirectory(folder.File(built)).FullName;
        File.WriteAllText(Path.Combine(place, "chaos"), "");

        Assert.Equal(Path.Combine(place, "chaos"), BuiltProgram.Find("A", folder.Path).Path);
        Assert.Equal(Path.Combine(place, "chaos"), BuiltProgram.Find("A", place).Path);
        Assert.Throws<UsageException>(() => BuiltProgram.Find("A", folder.File("nothing")));
        Assert.Equal("dotnet", new BuiltProgram("A", "/x/chaos.dll").ToStart("load").FileName);
    }

    private static ComparisonReport Report(
        double rate, double latency, int rounds, double? maxWorse = null, int last = ChaosExitCode.Pass)
    {
        var random = new Random(1);
        var plan = new ComparisonPlan(
            new BuiltProgram("A", "/before/chaos"), new BuiltProgram("B", "/after/chaos"), rounds, 7,
            ["--rate", "max"], "sqlite", [ComparedMetric.Find("rate")!, ComparedMetric.Find("finished.p99")!],
            maxWorse, "chaos compare /before /after --seed 7");
        var runs = Enumerable.Range(1, rounds).SelectMany(round => plan.OrderOf(round)
            .Select(program => new ComparedRun(
                round, program.Name, round == rounds && program == plan.B ? last : ChaosExitCode.Pass, "/runs",
                new Dictionary<string, double>
                {
                    ["rate"] = Noisy(1000 * (program == plan.B ? rate : 1)),
                    ["finished.p99"] = Noisy(0.02 * (program == plan.B ? latency : 1)),
                })));
        return ComparisonReport.Of(plan, [.. runs], false, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(2));

        double Noisy(double value) => value * (1 + (0.005 * random.NextDouble()));
    }

    private static IReadOnlyList<string> ProblemsOf(ComparisonReport report)
    {
        using var stream = new MemoryStream();
        ComparisonJson.Write(report, stream);
        return new JsonShape(_schema).ProblemsOf(JsonNode.Parse(stream.ToArray()));
    }
}
