namespace JobSystem.Actors;

/// <summary>
/// How often a group of actors may be restarted, and how long it pauses before each time. Pure. The pause doubles with
/// each restart that is remembered, with jitter, so that many processes do not return together.
/// </summary>
/// <param name="Max">Restarts within <paramref name="Within"/>; the next failure is one too many.</param>
/// <param name="Within">The sliding time in which restarts are counted.</param>
/// <param name="MinPause">The first pause.</param>
/// <param name="MaxPause">The longest pause.</param>
internal sealed record RestartBudget(int Max, TimeSpan Within, TimeSpan MinPause, TimeSpan MaxPause)
{
    /// <summary>10 in a minute, after 100 ms doubling up to 10 s.</summary>
    public static RestartBudget Default { get; } = new(
        10, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    /// <summary>The pause before the next restart; null when the budget is spent.</summary>
    /// <param name="earlier">Restarts so far; what has become too old is taken out.</param>
    /// <param name="now">The time.</param>
    /// <param name="draw">For the jitter: 0 (inclusive) to 1 (exclusive).</param>
    public TimeSpan? NextPause(List<DateTimeOffset> earlier, DateTimeOffset now, double draw)
    {
        earlier.RemoveAll(restart => now - restart >= Within);
        if (earlier.Count >= Max)
        {
            return null;
        }

        var longest = Math.Min(MaxPause.Ticks, MinPause.Ticks * Math.Pow(2, earlier.Count));
        return MinPause + TimeSpan.FromTicks((long)((longest - MinPause.Ticks) * draw));
    }
}
