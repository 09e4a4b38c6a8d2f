using System.Text.Json;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Reports;

/// <summary>What a run used as JSON: one array a figure. Pure.</summary>
internal static class JsonResources
{
    private const int MaxSamples = 500;

    public static void Write(Utf8JsonWriter json, RunReport report)
    {
        var used = report.Resources;
        json.WriteStartObject("resources");
        json.WriteSeconds("workerCpu", used.CpuOfWorkers);
        json.WriteSeconds("producerCpu", used.CpuOfProducers);
        Micros("workerCpuPerJobMicros", used.CpuOfWorkers);
        Micros("producerCpuPerJobMicros", used.CpuOfProducers);
        json.WriteNumber("workerPeakMemory", used.PeakOfWorkers);
        json.WriteNumber("producerPeakMemory", used.PeakOfProducers);
        json.WriteStartArray("restarts");
        foreach (var restart in used.Restarts)
        {
            json.WriteStartObject();
            json.WriteString("life", restart.Life);
            json.WriteSeconds("at", restart.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("processes");
        foreach (var process in used.Processes)
        {
            Write(json, process);
        }

        json.WriteEndArray();
        WriteBroker(json, used.Broker);
        json.WriteEndObject();

        void Micros(string name, TimeSpan cpu) => JsonLine.WriteValue(json, name,
            Resources.PerJob(cpu, report.Verdict.Tally) is { } each ? Math.Round(each.TotalMicroseconds, 1) : null);
    }

    /// <summary>Every so many-th of them, so that there are not too many.</summary>
    internal static IReadOnlyList<T> Thinned<T>(IReadOnlyList<T> samples)
    {
        var step = (samples.Count + MaxSamples - 1) / MaxSamples;
        return step <= 1 ? samples : [.. samples.Where((_, index) => index % step == 0)];
    }

    private static void Write(Utf8JsonWriter json, ProcessUse process)
    {
        var samples = Thinned(process.Samples);
        json.WriteStartObject();
        json.WriteString("life", process.Life);
        json.WriteSeconds("cpu", process.Cpu);
        json.WriteNumber("peakMemory", process.PeakMemory);
        Array(json, "at", samples, sample => Math.Round(sample.At.TotalSeconds, 3));
        Array(json, "memory", samples, sample => sample.Memory);
        Array(json, "handles", samples, sample => sample.Handles);
        Array(json, "threads", samples, sample => sample.Threads);
        Array(json, "cpuSeconds", samples, sample => sample.Cpu.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteBroker(Utf8JsonWriter json, IReadOnlyList<BrokerSample> broker)
    {
        var samples = Thinned(broker);
        json.WriteStartObject("broker");
        Array(json, "at", samples, sample => Math.Round(sample.At.TotalSeconds, 3));
        Array(json, "memory", samples, sample => sample.Memory);
        Array(json, "connections", samples, sample => sample.Connections);
        Array(json, "channels", samples, sample => sample.Channels);
        json.WriteEndObject();
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> samples, Func<T, double> of)
    {
        json.WriteStartArray(name);
        foreach (var sample in samples)
        {
            json.WriteNumberValue(of(sample));
        }

        json.WriteEndArray();
    }
}
