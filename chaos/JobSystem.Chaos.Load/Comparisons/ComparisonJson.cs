using System.Text.Json;
using JobSystem.Chaos.Reports;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>A comparison as one JSON object, described by <c>chaos/schemas/compare.schema.json</c>, and its parts as
/// lines while it goes on.</summary>
internal static class ComparisonJson
{
    public const int Schema = 1;

    public static string LineOf(ComparedRun run) => JsonLine.Of(
        ("event", "run"), ("round", run.Round), ("program", run.Program), ("exitCode", run.ExitCode),
        ("folder", run.Folder),
        ("values", run.Values.ToDictionary(each => each.Key, each => (object?)each.Value)));

    public static string LineOf(ComparisonReport report) => JsonLine.Of(
        ("event", "result"), ("exitCode", report.ExitCode), ("headline", ComparisonText.Headline(report)),
        ("runs", report.Runs.Count), ("seconds", report.Duration), ("repeat", report.Plan.Repeat));

    public static void Write(ComparisonReport report, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, JsonLine.Options with { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteNumber("exitCode", report.ExitCode);
        json.WriteString("headline", ComparisonText.Headline(report));
        json.WriteString("a", report.Plan.A.Path);
        json.WriteString("b", report.Plan.B.Path);
        JsonLine.WriteValue(json, "load", report.Plan.Load.Select(Secrets.Hide));
        json.WriteNumber("rounds", report.Plan.Rounds);
        json.WriteNumber("seed", report.Plan.Seed);
        JsonLine.WriteValue(json, "mostWorse", report.Plan.MaxWorse);
        json.WriteString("repeat", report.Plan.Repeat);
        json.WriteString("startedAt", report.StartedAt.ToUniversalTime());
        json.WriteSeconds("duration", report.Duration);
        json.WriteStartArray("metrics");
        foreach (var metric in report.Metrics)
        {
            Write(json, metric);
        }

        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (var run in report.Runs)
        {
            json.WriteStartObject();
            json.WriteNumber("round", run.Round);
            json.WriteString("program", run.Program);
            json.WriteNumber("exitCode", run.ExitCode);
            json.WriteString("folder", run.Folder);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ComparedPairs compared)
    {
        var ratio = compared.Ratio;
        json.WriteStartObject();
        json.WriteString("name", compared.Metric.Name);
        json.WriteString("verdict", ComparisonText.Verdict(compared));
        JsonLine.WriteValue(json, "medianA", compared.MedianOfA);
        JsonLine.WriteValue(json, "medianB", compared.MedianOfB);
        JsonLine.WriteValue(json, "ratio", ratio?.Median);
        JsonLine.WriteValue(json, "low", ratio?.Low);
        JsonLine.WriteValue(json, "high", ratio?.High);
        JsonLine.WriteValue(json, "byChance", ratio?.ByChance);
        JsonLine.WriteValue(json, "isDifferent", ratio?.IsDifferent);
        json.WriteBoolean("isTooMuchWorse", compared.IsTooMuchWorse);
        json.WriteStartArray("pairs");
        foreach (var (round, a, b) in compared.Pairs)
        {
            json.WriteStartObject();
            json.WriteNumber("round", round);
            json.WriteNumber("a", a);
            json.WriteNumber("b", b);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
