namespace JobSystem.Chaos.Plans;

/// <summary>
/// One of the latencies that every run is measured by. Limits, tables and <c>.hgrm</c> files all take their names and
/// their order from here.
/// </summary>
/// <param name="Name">In limits, and of its file.</param>
/// <param name="Title">In tables.</param>
public sealed record LatencyMeasure(string Name, string Title)
{
    public static LatencyMeasure Confirm { get; } = new("confirm", "confirmed, from due");

    public static LatencyMeasure Finished { get; } = new("finished", "finished, from due");

    public static LatencyMeasure Delay { get; } = new("delay", "delay, due to sent");

    public static LatencyMeasure ConfirmSent { get; } = new("confirm-sent", "confirmed, from sent");

    public static LatencyMeasure FinishedSent { get; } = new("finished-sent", "finished, from sent");

    /// <summary>Each from the moment a job was due, but for those that end in <c>-sent</c> (from the moment it was
    /// sent) and <c>delay</c> (from due to sent).</summary>
    public static IReadOnlyList<LatencyMeasure> All { get; } = [Confirm, Finished, Delay, ConfirmSent, FinishedSent];
}
