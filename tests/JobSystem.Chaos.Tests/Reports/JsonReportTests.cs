using System.Text.Json.Nodes;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>What is written and what the schema says are the same, in both directions.</summary>
public sealed class JsonReportTests
{
    private static readonly JsonNode _schema = JsonNode.Parse(
        File.ReadAllText(Repository.PathOf("chaos/schemas/report.schema.json")))!;

    [Fact]
    public void What_is_written_is_what_the_schema_says() =>
        Assert.Equal([], new JsonShape(_schema).ProblemsOf(Written(Samples.Everything())));

    [Fact]
    public void An_empty_run_is_what_the_schema_says() =>
        Assert.Equal([], new JsonShape(_schema).ProblemsOf(Written(new HandMade().Report())));

    [Fact]
    public void Every_property_is_required_so_that_a_reader_may_rely_on_it()
    {
        foreach (var rule in ObjectsIn(_schema))
        {
            Assert.Equal(
                rule["properties"]!.AsObject().Select(each => each.Key),
                rule["required"]!.AsArray().Select(each => $"{each}"));
            Assert.False(rule["additionalProperties"]!.GetValue<bool>());
        }
    }

    [Fact]
    public void The_shape_notices_what_is_missing_and_what_is_too_much()
    {
        var json = Written(Samples.Everything());
        json.Remove("seed");
        json["more"] = 1;
        json["tally"]!["lost"] = "one";

        Assert.Equal(
            ["$.seed is missing", "$.tally.lost: one is not integer", "$.more is not in the schema"],
            new JsonShape(_schema).ProblemsOf(json));
    }

    [Fact]
    public void Numbers_are_those_of_the_report()
    {
        var report = Samples.Everything();
        var json = Written(report);

        Assert.Equal(report.Verdict.Tally.Lost, json["tally"]!["lost"]!.GetValue<int>());
        Assert.Equal(report.ExitCode, json["exitCode"]!.GetValue<int>());
        Assert.Equal("2026-01-02T02:04:05+00:00", json["startedAt"]!.GetValue<string>());
        Assert.Equal(
            report.Recovery.Faults[0].Detected!.Value.TotalSeconds,
            json["faults"]![0]!["detected"]!.GetValue<double>());
        Assert.Equal(report.Timeline.Bins.Count, json["timeline"]!["bins"]!["backlog"]!.AsArray().Count);
    }

    [Fact]
    public void Every_latency_has_its_figures_and_every_kind_its_own()
    {
        var json = Written(new HandMade().Late(3, 1, 2).Confirmed(3.5, 1).Enqueued(4, 2).Ran(5, 6, 1, "w")
            .At(9, new HistoryEvent.EnqueuesMissed(3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)))
            .Report(workload: Samples.Mixed));

        Assert.Equal(
            [5, 2, 2, 2, 5],
            new[] { "toConfirm", "delay", "sentToConfirm", "sentToEnd", "endToEnd" }
                .Select(name => json[name]!["count"]!.GetValue<int>()));
        Assert.Equal(2.5, json["toConfirm"]!["max"]!.GetValue<double>());
        Assert.Equal(
            [50, 75, 90, 95, 99, 99.9, 99.99, 100],
            json["delay"]!["percentiles"]!.AsArray().Select(point => point!["percentile"]!.GetValue<double>()));
        Assert.Equal((5, 3, 1), (Load("due"), Load("missed"), Load("unfinished")));
        Assert.Equal(0.571, json["load"]!["offeredPerSecond"]!.GetValue<double>());
        Assert.Equal(
            ["short", "long"], json["kinds"]!.AsArray().Select(kind => kind!["name"]!.GetValue<string>()));
        Assert.Equal(2, json["kinds"]!.AsArray().Sum(kind => kind!["toConfirm"]!["count"]!.GetValue<int>()));

        int Load(string name) => json["load"]![name]!.GetValue<int>();
    }

    [Fact]
    public void Half_a_character_of_others_does_not_break_it()
    {
        var history = new HandMade().Enqueued(0, 1).Injected(1, 1, "odd \uD800 name", "\uDC00")
            .At(2, new HistoryEvent.RunFailed(Job(2), Run("w\uD83D"), "half \uD83D"))
            .At(3, new HistoryEvent.Drained(IsComplete: true));

        Assert.Equal("odd \uFFFD name", Written(history.Report())["faults"]![0]!["name"]!.GetValue<string>());
    }

    private static JsonObject Written(RunReport report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return JsonNode.Parse(stream.ToArray())!.AsObject();
    }

    private static IEnumerable<JsonNode> ObjectsIn(JsonNode node) => node switch
    {
        JsonObject rule => rule.SelectMany(each => each.Value is null ? [] : ObjectsIn(each.Value))
            .Concat($"{rule["type"]}" == "object" ? [rule] : []),
        JsonArray many => many.SelectMany(each => each is null ? [] : ObjectsIn(each)),
        _ => [],
    };
}
