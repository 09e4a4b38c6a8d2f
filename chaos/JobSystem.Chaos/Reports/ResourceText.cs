using System.Globalization;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>What a run used in words, for every form of its report alike. Pure.</summary>
internal static class ResourceText
{
    /// <summary>A line for a terminal; none where nothing was looked at.</summary>
    public static IEnumerable<string> Lines(RunReport report)
    {
        var used = report.Resources;
        if (used.Processes.Count == 0)
        {
            yield break;
        }

        yield return "";
        yield return $"  {Sentence(report)}.";
        foreach (var restart in used.Restarts.Take(5))
        {
            yield return
                $"  {restart.Life} was started because the process before it ended by itself, at {At(restart.At)}";
        }
    }

    /// <summary><c>CPU time per job: workers 180 µs, producers 95 µs; peak memory: worker 84 MB, producer 71 MB</c>.
    /// </summary>
    public static string Sentence(RunReport report)
    {
        var (used, tally) = (report.Resources, report.Verdict.Tally);
        return $"CPU time per job: workers {PerJob(used.CpuOfWorkers)}, producers {PerJob(used.CpuOfProducers)}; " +
            $"peak memory: worker {Bytes(used.PeakOfWorkers)}, producer {Bytes(used.PeakOfProducers)}";

        string PerJob(TimeSpan cpu) => Resources.PerJob(cpu, tally) is { } each ? Of(each) : "–";
    }

    /// <summary>Three digits that count: <c>84.2 MB</c>.</summary>
    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        < 1024 => Say(bytes, "B"),
        < 1024 * 1024 => Say(bytes / 1024, "KB"),
        < 1024.0 * 1024 * 1024 => Say(bytes / 1024 / 1024, "MB"),
        _ => Say(bytes / 1024 / 1024 / 1024, "GB"),
    };

    private static string Say(double number, string unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number.ToString(Math.Abs(number) < 100 ? "0.#" : "0", CultureInfo.InvariantCulture)} {unit}");
}
