using JobSystem.Chaos.Measuring;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// One of the latencies that every run is measured by. Limits, tables and <c>.hgrm</c> files all take their names and
/// their order from here.
/// </summary>
/// <param name="Name">In limits, and of its file.</param>
/// <param name="Title">In tables.</param>
/// <param name="Of">Where a timeline has it.</param>
public sealed record LatencyMeasure(string Name, string Title, Func<Timeline, Histogram> Of)
{
    /// <summary>Each from the moment a job was due, but for those that end in <c>-sent</c> (from the moment it was
    /// sent) and <c>delay</c> (from due to sent).</summary>
    public static IReadOnlyList<LatencyMeasure> All { get; } =
    [
        new("confirm", "confirmed, from due", static timeline => timeline.ToConfirm),
        new("finished", "finished, from due", static timeline => timeline.EndToEnd),
        new("delay", "delay, due to sent", static timeline => timeline.Delay),
        new("confirm-sent", "confirmed, from sent", static timeline => timeline.SentToConfirm),
        new("finished-sent", "finished, from sent", static timeline => timeline.SentToEnd),
    ];
}
