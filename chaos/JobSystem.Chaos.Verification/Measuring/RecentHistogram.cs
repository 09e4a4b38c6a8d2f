namespace JobSystem.Chaos.Verification.Measuring;

/// <summary>
/// Durations of the last seconds only. Values may come in any order; what is too old is left out. Bounded: one small
/// histogram a second. Not thread-safe.
/// </summary>
/// <param name="seconds">How many are looked back on, the current one included.</param>
internal sealed class RecentHistogram(int seconds)
{
    private const int Digits = 2;

    private readonly (long Second, Histogram? Values)[] _ring = new (long, Histogram?)[seconds];

    /// <param name="at">When it was measured.</param>
    /// <param name="value">What.</param>
    public void Record(TimeSpan at, TimeSpan value)
    {
        var second = SecondOf(at);
        ref var slot = ref _ring[second % seconds];
        if (slot.Values is null || slot.Second < second)
        {
            slot = (second, new Histogram(Digits));
        }

        if (slot.Second == second)
        {
            slot.Values.Record(value);
        }
    }

    /// <summary>All that was measured in the last seconds.</summary>
    public Histogram Before(TimeSpan now)
    {
        var all = new Histogram(Digits);
        foreach (var (second, values) in _ring)
        {
            if (values is not null && second > SecondOf(now) - seconds && second <= SecondOf(now))
            {
                all.Add(values);
            }
        }

        return all;
    }

    private static long SecondOf(TimeSpan at) => at.Ticks / TimeSpan.TicksPerSecond;
}
