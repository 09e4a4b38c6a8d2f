using System.Globalization;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>One step of a search: a whole run at one rate, as far as the search is concerned. Pure.</summary>
internal sealed record CapacityStep
{
    /// <summary>A backlog that grows faster than this share of the rate will not stop growing.</summary>
    private const double MaxGrowth = 0.02;

    /// <summary>Fewer jobs more are chance.</summary>
    private const double MinGrowth = 10;

    /// <summary>Arrivals by chance may be fewer than planned.</summary>
    private const double MinFinished = 0.93;

    /// <summary>As a share of the load: who is slower than that has not kept up.</summary>
    private const double MaxUnderWay = 0.25;

    public required int Number { get; init; }

    /// <summary>Jobs a second, as planned.</summary>
    public required double Rate { get; init; }

    public required RunReport Report { get; init; }

    /// <summary>Of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>Jobs finished a second while the load was on.</summary>
    public required double Achieved { get; init; }

    /// <summary>Confirmed and not finished when the load ended.</summary>
    public required int BacklogAtEnd { get; init; }

    /// <summary>Jobs that were due and not finished, on average while the load was on.</summary>
    public required double InSystem { get; init; }

    /// <summary>What was not kept, each in words; empty: all was.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public bool IsKept => Reasons.Count == 0;

    /// <summary>A run that proves nothing, or disproves everything, ends the search.</summary>
    public bool IsTheEnd => Report.ExitCode is not (ChaosExitCode.Pass or ChaosExitCode.Missed);

    /// <summary>What Little's law says should be under way: rate times the mean time from due to finished.</summary>
    public double ByLittle => Achieved * Report.Timeline.EndToEnd.Mean.TotalSeconds;

    /// <param name="number">From 1.</param>
    /// <param name="rate">Jobs a second, as planned.</param>
    /// <param name="length">Of the load.</param>
    /// <param name="report">Of the run.</param>
    /// <param name="folder">Of the run.</param>
    public static CapacityStep Of(int number, double rate, TimeSpan length, RunReport report, string folder)
    {
        var load = BinsOfLoad(report.Timeline, length);
        return new CapacityStep
        {
            Number = number,
            Rate = rate,
            Report = report,
            Folder = folder,
            Achieved = report.Timeline.Rates.FinishedPerSecond ?? 0,
            BacklogAtEnd = load.Count == 0 ? 0 : load[^1].Backlog,
            InSystem = load.Count == 0 ? 0 : load.Average(bin => (double)bin.Backlog + bin.Unanswered),
            Reasons =
            [
                .. report.AllThresholds.Where(threshold => threshold.IsMet == false).Select(InWords),
                .. GrowthOf(load, report.Timeline.BinWidth, rate), .. ShortfallOf(report.Timeline, rate),
            ],
        };
    }

    private static IReadOnlyList<TimelineBin> BinsOfLoad(Timeline timeline, TimeSpan length) =>
    [
        .. timeline.Bins.SkipWhile(bin => bin.Intended == 0)
            .Take((int)Math.Max(1, Math.Round(length / timeline.BinWidth))),
    ];

    /// <summary>A rate that was not reached was not kept, whatever the latencies of those jobs that were sent. Those
    /// due in the last moments may still be under way, as long as a job takes once it is sent.</summary>
    private static IEnumerable<string> ShortfallOf(Timeline timeline, double rate)
    {
        var rates = timeline.Rates;
        var (length, usual) = (rates.Length.TotalSeconds, timeline.SentToEnd.Mean.TotalSeconds);
        var least = MinFinished * rate * (1 - Math.Min(usual / length, MaxUnderWay));
        if (rates.FinishedPerSecond is { } finished && finished < least)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"rate: {finished:0.#}/s were finished during the load (at least {least:0.#}/s)");
        }
    }

    private static string InWords(ThresholdResult threshold) =>
        $"{threshold.Name}: {threshold.Measured} ({threshold.Limit})";

    /// <summary>A step is too short for its latencies to tell that a queue grows slowly and for ever; the queue itself
    /// tells, once all have begun.</summary>
    private static IEnumerable<string> GrowthOf(IReadOnlyList<TimelineBin> load, TimeSpan width, double rate)
    {
        var steady = load.Skip(load.Count / 4)
            .Select((bin, index) => (index * width.TotalSeconds, (double)bin.Backlog + bin.Unanswered)).ToList();
        var seconds = steady.Count * width.TotalSeconds;
        if (Trend.Of(steady, withMemory: false) is { } trend
            && trend.Low > MaxGrowth * rate && trend.Low * seconds > MinGrowth)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"backlog: grew by {trend.Slope:0} jobs/s to the end (at most {MaxGrowth * rate:0.#})");
        }
    }
}
