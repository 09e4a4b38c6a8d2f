using System.Globalization;

namespace JobSystem.RabbitMq.Topology;

/// <summary>
/// One step of the ladder: a fan-out exchange and a queue of the same name that holds a message so long.
/// </summary>
internal readonly record struct DelayStep(int Seconds)
{
    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);

    /// <summary>What is left of a delay after this step; nothing where the step is a little longer.</summary>
    public TimeSpan LeftOf(TimeSpan delay)
    {
        var left = delay - Length;
        return left < TimeSpan.Zero ? TimeSpan.Zero
            : left > SettlementRules.LongestDelay ? SettlementRules.LongestDelay
            : left;
    }

    public string Name => string.Create(CultureInfo.InvariantCulture, $"jobs.delay.{Seconds}s");
}

/// <summary>
/// Delays without a plugin: steps of 1 s, 2 s, 4 s ... each twice the one before. A delay takes the longest
/// step that makes it at most half a second late; what remains when the message comes back is the caller's to
/// publish again. One step for all queues and a fixed set of lengths: in a queue with one TTL no message
/// waits behind a longer one.
/// </summary>
internal static class DelayLadder
{
    /// <summary>
    /// A job is never more than this late by the ladder; a shorter delay takes no step at all.
    /// </summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    /// <summary>4.5 hours: a day takes six steps, a month 170.</summary>
    public const int LongestSeconds = 1 << 14;

    /// <summary>The step to take for a remaining delay; null: none, publish at once.</summary>
    public static DelayStep? StepFor(TimeSpan remaining)
    {
        if (remaining <= Tolerance)
        {
            return null;
        }

        var seconds = 1;
        while (seconds < LongestSeconds && TimeSpan.FromSeconds(seconds * 2) - Tolerance <= remaining)
        {
            seconds *= 2;
        }

        return new DelayStep(seconds);
    }
}
