using System.Text.Json;
using JobSystem.Chaos.Load.Capacity;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>A figure that two builds are compared by, read from a run's <c>report.json</c>. Pure.</summary>
/// <param name="Name">As on the command line: <c>confirm.p99</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="IsMoreBetter">A rate; of all else less is better.</param>
/// <param name="Less">What a smaller figure is called.</param>
/// <param name="More">What a larger figure is called.</param>
/// <param name="Say">A figure in words.</param>
/// <param name="Read">From the report; null: it has none.</param>
internal sealed record ComparedMetric(
    string Name, string Title, bool IsMoreBetter, string Less, string More, Func<double, string> Say,
    Func<JsonElement, double?> Read)
{
    private static readonly ComparedMetric[] _fixed =
    [
        new("rate", "finished rate", true, "slower", "faster", CapacityReport.Per, RateOf),
        Micros("worker-cpu", "CPU per job, workers", "workerCpuPerJobMicros"),
        Micros("producer-cpu", "CPU per job, producers", "producerCpuPerJobMicros"),
        Memory("worker-memory", "largest worker", "workerPeakMemory"),
        Memory("producer-memory", "largest producer", "producerPeakMemory"),
    ];

    /// <summary>Where none is named.</summary>
    public static IReadOnlyList<ComparedMetric> Usual { get; } =
    [
        .. new[]
        {
            "rate", "confirm.p50", "confirm.p99", "finished.p50", "finished.p99", "worker-cpu", "producer-cpu",
        }.Select(name => Find(name)!),
    ];

    public static string Expected { get; } =
        $"one of {string.Join(", ", _fixed.Select(metric => metric.Name))}, or {LatencyLimit.Expected}";

    /// <summary>Null: there is none.</summary>
    public static ComparedMetric? Find(string name)
    {
        if (Array.Find(_fixed, metric => metric.Name == name) is { } known)
        {
            return known;
        }

        var (measure, point) = name.Split('.', 2) is [var first, var second] ? (first, second) : (name, "");
        return LatencyLimit.Find(measure, point, TimeSpan.Zero) is { } latency
            ? new ComparedMetric(
                latency.Name, latency.Name.Replace('.', ' '), false, "shorter", "longer", Seconds,
                report => LatencyOf(report, PropertyOf(measure), latency.Percentile))
            : null;
    }

    private static ComparedMetric Micros(string name, string title, string property) => new(
        name, title, false, "less", "more", static micros => Seconds(micros / 1e6),
        report => Number(report, "resources", property));

    private static ComparedMetric Memory(string name, string title, string property) => new(
        name, title, false, "smaller", "larger", ResourceText.Bytes, report => Number(report, "resources", property));

    /// <summary>From the first job's due to the last one's end.</summary>
    private static double? RateOf(JsonElement report) =>
        (Number(report, "tally", "finished"), Number(report, "load", "from"), Number(report, "load", "to"),
            Number(report, "load", "tail")) is ({ } finished, { } from, { } to, { } tail) && to + tail > from
            ? finished / (to + tail - from)
            : null;

    private static double? LatencyOf(JsonElement report, string property, double percentile) =>
        report.TryGetProperty(property, out var latency) && Number(latency, "count") > 0
            ? latency.GetProperty("percentiles").EnumerateArray()
                .Where(each => each.GetProperty("percentile").GetDouble() == percentile)
                .Select(each => (double?)each.GetProperty("value").GetDouble())
                .FirstOrDefault()
            : null;

    private static string PropertyOf(string measure) => measure switch
    {
        "confirm" => "toConfirm",
        "confirm-sent" => "sentToConfirm",
        "finished-sent" => "sentToEnd",
        "delay" => "delay",
        _ => "endToEnd",
    };

    private static double? Number(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.Number ? json.GetDouble() : null;
    }

    private static string Seconds(double seconds) => StageText.Of(TimeSpan.FromSeconds(seconds));
}
