using System.Text.Json;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>A search as one JSON object, described by <c>chaos/schemas/find-max.schema.json</c>, and its parts as lines
/// while it goes on. Times are seconds.</summary>
internal static class CapacityJson
{
    public const int Schema = 1;

    public static string LineOf(CapacityStep step) => JsonLine.Of(
        ("event", "step"), ("step", step.Number), ("rate", step.Rate), ("achieved", Math.Round(step.Achieved, 1)),
        ("kept", step.IsKept), ("reasons", step.Reasons), ("exitCode", step.Report.ExitCode),
        ("finishedP99", step.Report.Timeline.EndToEnd.ValueAt(99)), ("folder", step.Folder));

    public static string LineOf(CapacityReport report) => JsonLine.Of(
        ("event", "result"), ("exitCode", report.ExitCode), ("answer", report.Answer), ("rate", report.Best?.Rate),
        ("firstFailed", report.FirstFailed?.Rate), ("steps", report.Steps.Count), ("seconds", report.Duration),
        ("repeat", report.Plan.Repeat));

    public static void Write(CapacityReport report, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, JsonLine.Options with { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteNumber("exitCode", report.ExitCode);
        json.WriteString("answer", report.Answer);
        JsonLine.WriteValue(json, "rate", report.Best?.Rate);
        JsonLine.WriteValue(json, "firstFailed", report.FirstFailed?.Rate);
        JsonLine.WriteValue(json, "jobsInSystemByLittle", Rounded(report.Best?.ByLittle));
        JsonLine.WriteValue(json, "jobsInSystem", Rounded(report.Best?.InSystem));
        json.WriteNumber("precision", report.Plan.Range.Precision);
        json.WriteSeconds("step", report.Plan.Step);
        json.WriteString("repeat", report.Plan.Repeat);
        json.WriteString("startedAt", report.StartedAt.ToUniversalTime());
        json.WriteSeconds("duration", report.Duration);
        json.WriteString("target", report.FirstRun?.Target);
        json.WriteString("machine", report.FirstRun?.Machine);
        json.WriteStartArray("limits");
        foreach (var limit in report.Plan.Limits)
        {
            json.WriteStartObject();
            json.WriteString("name", limit.Name);
            json.WriteSeconds("limit", limit.Limit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (var step in report.Steps)
        {
            Write(json, step);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CapacityStep step)
    {
        var timeline = step.Report.Timeline;
        json.WriteStartObject();
        json.WriteNumber("step", step.Number);
        json.WriteNumber("rate", step.Rate);
        json.WriteNumber("achieved", Math.Round(step.Achieved, 3));
        json.WriteBoolean("kept", step.IsKept);
        JsonLine.WriteValue(json, "reasons", step.Reasons);
        json.WriteNumber("exitCode", step.Report.ExitCode);
        json.WriteNumber("confirmed", step.Report.Verdict.Tally.Confirmed);
        json.WriteNumber("lost", step.Report.Verdict.Tally.Lost);
        json.WriteNumber("backlogAtEnd", step.BacklogAtEnd);
        json.WriteNumber("jobsInSystem", Math.Round(step.InSystem, 3));
        Write(json, "toConfirm", timeline.ToConfirm);
        Write(json, "endToEnd", timeline.EndToEnd);
        Write(json, "delay", timeline.Delay);
        json.WriteString("folder", Path.GetFileName(step.Folder));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Histogram histogram)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", histogram.Count);
        json.WriteSeconds("mean", histogram.Mean);
        json.WriteSeconds("p50", histogram.ValueAt(50));
        json.WriteSeconds("p99", histogram.ValueAt(99));
        json.WriteSeconds("max", histogram.Max);
        json.WriteEndObject();
    }

    private static double? Rounded(double? number) => number is { } known ? Math.Round(known, 3) : null;
}
