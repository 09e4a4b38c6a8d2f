namespace JobSystem.Processing;

/// <summary>
/// How long to wait before the next try to reach a broker. Pure. The bound grows with the outage itself: a quarter of
/// its length so far, from 250 ms to 30 s. So a recovery is never found later than a quarter of the outage after
/// the broker is back, and a long outage is not hammered. Full jitter: a fleet that lost its broker at one moment does
/// not come back at one moment.
/// </summary>
internal static class Backoff
{
    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    /// <param name="outage">How long the broker has been away.</param>
    /// <param name="draw">0 (inclusive) to 1 (exclusive).</param>
    public static TimeSpan DelayAfter(TimeSpan outage, double draw)
    {
        var bound = Math.Clamp(outage.TotalMilliseconds / 4, Min.TotalMilliseconds, Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(bound * draw);
    }
}
