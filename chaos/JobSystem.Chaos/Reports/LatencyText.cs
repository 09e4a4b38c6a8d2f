using System.Globalization;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>Latencies and rates in words, for every form of a report alike. Pure.</summary>
internal static class LatencyText
{
    /// <summary>Where users and naive tools are compared.</summary>
    private static readonly double[] _compared = [50, 90, 99, 99.9];

    /// <summary>What was offered and what was achieved, in a sentence. Null: no job was due.</summary>
    public static string? Rates(LoadRates rates)
    {
        if (rates is not { OfferedPerSecond: { } offered, ConfirmedPerSecond: { } confirmed,
            FinishedPerSecond: { } finished })
        {
            return rates.Due > 0 ? $"{ReportText.Count(rates.Due, "job was", "jobs were")} due at one moment." : null;
        }

        var tail = rates.Tail > TimeSpan.Zero
            ? $"; the last job was finished {Of(rates.Tail)} after the last was due"
            : "";
        return $"Offered {PerSecond(offered)} for {Of(rates.Length)}; in that time {PerSecond(confirmed)} were " +
            $"confirmed and {PerSecond(finished)} finished{tail}.";
    }

    /// <summary>What is not told by a latency that was measured, and what that does to the figures.</summary>
    public static IEnumerable<string> Remarks(Timeline timeline)
    {
        if (timeline.Missed > 0)
        {
            yield return $"{ReportText.Count(timeline.Missed, "job was", "jobs were")} due and never sent, because " +
                "the load was given up: they count from due with their age then, which is less than the truth, and " +
                "from sent not at all.";
        }

        if (timeline.Unanswered > 0)
        {
            yield return $"{ReportText.Count(timeline.Unanswered, "enqueue was", "enqueues were")} given up on " +
                "without an answer: they count as confirmed with their age then, which is less than the truth.";
        }

        if (timeline.Unfinished > 0)
        {
            yield return $"{ReportText.Count(timeline.Unfinished, "job", "jobs")} had not finished at the end and " +
                "count with their age at that time: they really took longer.";
        }
    }

    /// <summary>Where the stall of a system hides from who counts from the send. Null: nowhere, or nearly.</summary>
    public static string? Contrast(Timeline timeline)
    {
        var most = _compared
            .Select(percentile => (
                Percentile: percentile, Due: timeline.ToConfirm.ValueAt(percentile),
                Sent: timeline.SentToConfirm.ValueAt(percentile)))
            .MaxBy(each => each.Due - each.Sent);
        return most.Due > 2 * most.Sent && most.Due - most.Sent > TimeSpan.FromMilliseconds(10)
            ? $"At {Percentile(most.Percentile)} a user waited {Of(most.Due)} for the confirm; counted from the send " +
                $"it would have been {Of(most.Sent)}."
            : null;
    }

    /// <summary><c>p99.9</c>; the largest is <c>slowest</c>.</summary>
    public static string Percentile(double percentile) => percentile >= 100
        ? "slowest"
        : string.Create(CultureInfo.InvariantCulture, $"p{percentile:0.#####}");

    /// <summary>Three digits that count, or all that stand before the point: <c>53.3/s</c>, <c>40,000/s</c>.</summary>
    public static string PerSecond(double rate) =>
        rate.ToString(rate < 10 ? "0.##" : rate < 100 ? "0.#" : "N0", CultureInfo.InvariantCulture) + "/s";
}
