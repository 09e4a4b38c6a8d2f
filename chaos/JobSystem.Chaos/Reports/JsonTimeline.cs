using System.Text.Json;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// A timeline as JSON: one array a figure, so that a thousand bins stay small. Also what the page draws. Pure.
/// </summary>
internal static class JsonTimeline
{
    public static void Write(Utf8JsonWriter json, Timeline timeline)
    {
        json.WriteStartObject("timeline");
        json.WriteSeconds("binWidth", timeline.BinWidth);
        json.WriteSeconds("end", timeline.End);
        json.WriteNumber("unfinished", timeline.Unfinished);
        json.WriteNumber("workersStarted", timeline.WorkersStarted);
        json.WriteNumber("workersKilled", timeline.WorkersKilled);
        json.WriteNumber("workersStopped", timeline.WorkersStopped);
        json.WriteStartArray("phases");
        foreach (var phase in timeline.Phases)
        {
            json.WriteStartObject();
            json.WriteString("phase", phase.Phase);
            json.WriteSeconds("at", phase.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteBins(json, timeline.Bins);
        json.WriteEndObject();
    }

    public static void WriteBins(Utf8JsonWriter json, IReadOnlyList<TimelineBin> bins)
    {
        json.WriteStartObject("bins");
        Counts("intended", bin => bin.Intended);
        Counts("confirmed", bin => bin.Confirmed);
        Counts("rejected", bin => bin.Rejected);
        Counts("unknown", bin => bin.Unknown);
        Counts("started", bin => bin.Started);
        Counts("effects", bin => bin.Effects);
        Counts("failures", bin => bin.Failures);
        Counts("backlog", bin => bin.Backlog);
        Counts("unanswered", bin => bin.Unanswered);
        Times("oldestAge", bin => bin.OldestAge);
        Counts("workersAlive", bin => bin.WorkersAlive);
        Latency("confirm", bin => bin.ToConfirm);
        Latency("endToEnd", bin => bin.EndToEnd);
        json.WriteEndObject();

        void Latency(string name, Func<TimelineBin, LatencyPoint> of)
        {
            Times($"{name}P50", bin => Known(of(bin), of(bin).P50));
            Times($"{name}P99", bin => Known(of(bin), of(bin).P99));
            Times($"{name}Max", bin => Known(of(bin), of(bin).Max));
        }

        void Counts(string name, Func<TimelineBin, int> of) => Array(name, bin => json.WriteNumberValue(of(bin)));

        void Times(string name, Func<TimelineBin, TimeSpan?> of) => Array(name, bin =>
        {
            if (of(bin) is { } time)
            {
                json.WriteNumberValue(Math.Round(time.TotalSeconds, 6));
            }
            else
            {
                json.WriteNullValue();
            }
        });

        void Array(string name, Action<TimelineBin> write)
        {
            json.WriteStartArray(name);
            foreach (var bin in bins)
            {
                write(bin);
            }

            json.WriteEndArray();
        }
    }

    private static TimeSpan? Known(LatencyPoint point, TimeSpan value) => point.Count == 0 ? null : value;
}
