using System.Text.Json;
using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Reports;

/// <summary>Rates and latencies as JSON: of the run as a whole, and of each kind of jobs. Pure.</summary>
internal static class JsonLatency
{
    private static readonly double[] _percentiles = [50, 75, 90, 95, 99, 99.9, 99.99, 100];

    public static void Write(Utf8JsonWriter json, Timeline timeline)
    {
        WriteLoad(json, timeline);
        WriteLatency(json, "toConfirm", timeline.ToConfirm);
        WriteLatency(json, "endToEnd", timeline.EndToEnd);
        WriteLatency(json, "delay", timeline.Delay);
        WriteLatency(json, "sentToConfirm", timeline.SentToConfirm);
        WriteLatency(json, "sentToEnd", timeline.SentToEnd);
        WriteKinds(json, timeline.Kinds);
    }

    private static void WriteLoad(Utf8JsonWriter json, Timeline timeline)
    {
        var rates = timeline.Rates;
        json.WriteStartObject("load");
        json.WriteNumber("due", rates.Due);
        json.WriteSeconds("from", rates.Due > 0 ? rates.From : null);
        json.WriteSeconds("to", rates.Due > 0 ? rates.To : null);
        WriteRate("offeredPerSecond", rates.OfferedPerSecond);
        WriteRate("confirmedPerSecond", rates.ConfirmedPerSecond);
        WriteRate("finishedPerSecond", rates.FinishedPerSecond);
        json.WriteSeconds("tail", rates.Tail);
        json.WriteNumber("missed", timeline.Missed);
        json.WriteNumber("unanswered", timeline.Unanswered);
        json.WriteNumber("unfinished", timeline.Unfinished);
        json.WriteEndObject();

        void WriteRate(string name, double? rate) =>
            JsonLine.WriteValue(json, name, rate is { } known ? Math.Round(known, 3) : null);
    }

    private static void WriteKinds(Utf8JsonWriter json, IReadOnlyList<KindLatency> kinds)
    {
        json.WriteStartArray("kinds");
        foreach (var kind in kinds)
        {
            json.WriteStartObject();
            json.WriteString("name", kind.Kind.Name);
            json.WriteNumber("weight", kind.Kind.Weight);
            json.WriteString("work", kind.Work);
            json.WriteString("payload", kind.Payload);
            WriteLatency(json, "toConfirm", kind.ToConfirm);
            WriteLatency(json, "endToEnd", kind.EndToEnd);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLatency(Utf8JsonWriter json, string name, Histogram histogram)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", histogram.Count);
        json.WriteSeconds("min", histogram.Min);
        json.WriteSeconds("mean", histogram.Mean);
        json.WriteSeconds("max", histogram.Max);
        json.WriteStartArray("percentiles");
        foreach (var percentile in _percentiles)
        {
            json.WriteStartObject();
            json.WriteNumber("percentile", percentile);
            json.WriteSeconds("value", histogram.ValueAt(percentile));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
