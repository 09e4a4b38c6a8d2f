using System.Text.Json;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// A report as one JSON object, described by <c>chaos/schemas/report.schema.json</c>. Times and durations are seconds;
/// null is "never" or "not measured".
/// </summary>
public static class JsonReport
{
    /// <summary>Grows when a property changes its meaning or goes away; new ones may come at any time.</summary>
    public const int Schema = 1;

    private const int MaxFindings = 1000;

    public static void Write(RunReport report, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, JsonLine.Options with { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        WriteRun(json, report);
        WriteTally(json, report.Verdict.Tally);
        WriteFindings(json, report.Verdict);
        WriteToldJobs(json, report.ToldJobs);
        WriteLogs(json, report.Logs);
        WriteTexts(json, "doubts", report.Verdict.Doubts);
        WriteTexts(json, "notes", report.Notes);
        WriteThresholds(json, report.AllThresholds);
        JsonRecovery.Write(json, report);
        JsonLatency.Write(json, report.Timeline);
        JsonTimeline.Write(json, report.Timeline);
        JsonResources.Write(json, report);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, RunReport report)
    {
        json.WriteString("experiment", report.Experiment);
        json.WriteString("about", report.About);
        json.WriteString("seed", report.Seed);
        json.WriteString("repeat", report.RepeatLine);
        json.WriteString("startedAt", report.StartedAt.ToUniversalTime());
        json.WriteSeconds("duration", report.Duration);
        json.WriteSeconds("loadBeganAt", report.LoadBeganAt);
        json.WriteString("versions", report.Versions);
        json.WriteString("machine", report.Machine);
        json.WriteString("target", report.Target);
        json.WriteString("fleet", report.Fleet);
        json.WriteString("verdict", NameOf(report.Verdict.Kind));
        json.WriteNumber("exitCode", report.ExitCode);
        json.WriteString("headline", report.Headline);
    }

    private static void WriteTally(Utf8JsonWriter json, Tally tally)
    {
        json.WriteStartObject("tally");
        json.WriteNumber("intended", tally.Intended);
        json.WriteNumber("confirmed", tally.Confirmed);
        json.WriteNumber("rejected", tally.Rejected);
        json.WriteNumber("unknown", tally.Unknown);
        json.WriteNumber("recovered", tally.Recovered);
        json.WriteNumber("absent", tally.Absent);
        json.WriteNumber("finished", tally.Finished);
        json.WriteNumber("deadLettered", tally.DeadLettered);
        json.WriteNumber("destroyed", tally.Destroyed);
        json.WriteNumber("stuck", tally.Stuck);
        json.WriteNumber("lost", tally.Lost);
        json.WriteNumber("duplicatedWithCause", tally.DuplicatedWithCause);
        json.WriteNumber("zombies", tally.Zombies);
        json.WriteEndObject();
    }

    /// <summary>How many are wrong in which way, and the first of them with their stories, as far as known.</summary>
    private static void WriteFindings(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartObject("wrong");
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            json.WriteNumber(NameOf(kind), verdict.Findings.Count(finding => finding.Kind == kind));
        }

        json.WriteEndObject();
        json.WriteStartArray("findings");
        foreach (var finding in verdict.Findings.Take(MaxFindings))
        {
            WriteTold(json, ("kind", NameOf(finding.Kind)), finding.Job, finding.Evidence, finding.Story);
        }

        json.WriteEndArray();
    }

    private static void WriteToldJobs(Utf8JsonWriter json, IReadOnlyList<ToldJob> jobs)
    {
        json.WriteStartArray("told");
        foreach (var told in jobs)
        {
            WriteTold(json, ("class", told.Class), told.Job, told.Evidence, told.Story);
        }

        json.WriteEndArray();
    }

    private static void WriteTold(
        Utf8JsonWriter json, (string Name, string Value) what, JobId job, string evidence,
        IReadOnlyList<HistoryEntry> story)
    {
        json.WriteStartObject();
        json.WriteString(what.Name, what.Value);
        json.WriteString("job", job.Value);
        json.WriteString("evidence", evidence);
        WriteStory(json, story);
        json.WriteEndObject();
    }

    private static void WriteStory(Utf8JsonWriter json, IReadOnlyList<HistoryEntry> story)
    {
        json.WriteStartArray("story");
        foreach (var entry in story)
        {
            json.WriteStartObject();
            json.WriteNumber("number", entry.Number);
            json.WriteSeconds("at", entry.At);
            json.WriteString("text", EventText.Of(entry.Event));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLogs(Utf8JsonWriter json, IReadOnlyDictionary<string, string> logs)
    {
        json.WriteStartArray("logs");
        foreach (var (process, path) in logs.OrderBy(log => log.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("process", process);
            json.WriteString("path", path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteThresholds(Utf8JsonWriter json, IReadOnlyList<ThresholdResult> thresholds)
    {
        json.WriteStartArray("thresholds");
        foreach (var threshold in thresholds)
        {
            json.WriteStartObject();
            json.WriteString("name", threshold.Name);
            json.WriteString("limit", threshold.Limit);
            json.WriteString("measured", threshold.Measured);
            JsonLine.WriteValue(json, "met", threshold.IsMet);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WritePropertyName(name);
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
