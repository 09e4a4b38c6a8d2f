using System.Numerics;

namespace JobSystem.Chaos.Verification.Measuring;

/// <summary>
/// Counts durations from 1 µs to 1 h with the same relative precision everywhere: buckets that double in width, each
/// cut into equal parts. Promises: any number of values in at most 190 KB (3 digits) or 27 KB (2 digits), less while
/// values are small; count, least, largest and mean are exact. Not thread-safe.
/// </summary>
public sealed class Histogram
{
    private const long TicksOfMicrosecond = TimeSpan.TicksPerMicrosecond;

    private readonly int _partBits;
    private long[] _counts = [];
    private long _min = long.MaxValue;
    private long _max;
    private Int128 _sum;

    /// <param name="digits">Significant digits that every percentile has: 2 or 3. Default 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public Histogram(int digits = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 3);
        Digits = digits;
        // Twice as many parts as the digits can tell apart: the upper half of a bucket is what is used of it.
        _partBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)(2 * (digits == 2 ? 100 : 1000))));
    }

    /// <summary>The longest duration that is told apart; what is longer counts as this one.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(1);

    public int Digits { get; }

    /// <summary>How many values.</summary>
    public long Count { get; private set; }

    /// <summary>How many of them were longer than <see cref="Longest"/>.</summary>
    public long Clamped { get; private set; }

    /// <summary>The least, to the microsecond. Zero where there is none.</summary>
    public TimeSpan Min => Count == 0 ? TimeSpan.Zero : OfMicroseconds(_min);

    /// <summary>The largest, to the microsecond. Zero where there is none.</summary>
    public TimeSpan Max => OfMicroseconds(_max);

    /// <summary>Zero where there is none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : OfMicroseconds((long)(_sum / Count));

    /// <summary>Counts a duration; a negative one (clocks) as zero, a longer one as <see cref="Longest"/>.</summary>
    public void Record(TimeSpan value) => Record(value, 1);

    /// <summary>Counts a duration so many times.</summary>
    public void Record(TimeSpan value, long times)
    {
        if (times <= 0)
        {
            return;
        }

        var isTooLong = value > Longest;
        var microseconds = Math.Max(0, (isTooLong ? Longest : value).Ticks / TicksOfMicrosecond);
        var index = IndexOf(microseconds);
        if (index >= _counts.Length)
        {
            var most = IndexOf(Longest.Ticks / TicksOfMicrosecond) + 1;
            Array.Resize(ref _counts, Math.Min(most, index * 5 / 4 + 64));
        }

        _counts[index] += times;
        Count += times;
        Clamped += isTooLong ? times : 0;
        _sum += (Int128)microseconds * times;
        _min = Math.Min(_min, microseconds);
        _max = Math.Max(_max, microseconds);
    }

    /// <summary>Adds all that another has counted.</summary>
    /// <exception cref="ArgumentException">It has other digits.</exception>
    public void Add(Histogram other)
    {
        if (other.Digits != Digits)
        {
            throw new ArgumentException($"It has {other.Digits} digits, this one has {Digits}.", nameof(other));
        }

        if (other._counts.Length > _counts.Length)
        {
            Array.Resize(ref _counts, other._counts.Length);
        }

        for (var index = 0; index < other._counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }

        Count += other.Count;
        Clamped += other.Clamped;
        _sum += other._sum;
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>
    /// The value that so many of a hundred do not exceed: at least the exact one, and larger by less than one part in
    /// 10 to the <see cref="Digits"/>. Zero where there is no value.
    /// </summary>
    /// <param name="percentile">From 0 (the least) to 100 (the largest).</param>
    public TimeSpan ValueAt(double percentile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percentile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        var rank = Math.Clamp((long)Math.Ceiling(percentile / 100 * Count), 1, Math.Max(1, Count));
        return rank <= 1 ? Min : Steps().Where(step => step.Total >= rank).Select(step => step.Value).FirstOrDefault();
    }

    /// <summary>How many values are not longer, to the precision of the digits.</summary>
    public long CountUpTo(TimeSpan limit) =>
        limit < TimeSpan.Zero ? 0 : Steps().TakeWhile(step => step.Lowest <= limit).LastOrDefault().Total;

    /// <summary>Every value that was counted, in order, with the number of values up to it.</summary>
    internal IEnumerable<HistogramStep> Steps()
    {
        var total = 0L;
        for (var index = 0; index < _counts.Length; index++)
        {
            if (_counts[index] is var count and > 0)
            {
                total += count;
                var (lowest, highest) = RangeOf(index);
                yield return new HistogramStep(
                    OfMicroseconds(lowest), OfMicroseconds(Math.Min(highest, _max)), count, total);
            }
        }
    }

    private int IndexOf(long microseconds)
    {
        var bucket = Math.Max(0, BitOperations.Log2((ulong)microseconds | 1) - (_partBits - 1));
        return (bucket << (_partBits - 1)) + (int)(microseconds >> bucket);
    }

    private (long Lowest, long Highest) RangeOf(int index)
    {
        var bucket = Math.Max(0, (index >> (_partBits - 1)) - 1);
        var lowest = (long)(index - (bucket << (_partBits - 1))) << bucket;
        return (lowest, lowest + (1L << bucket) - 1);
    }

    private static TimeSpan OfMicroseconds(long microseconds) => new(microseconds * TicksOfMicrosecond);
}

/// <summary>Values that the histogram does not tell apart.</summary>
/// <param name="Lowest">The least they can be.</param>
/// <param name="Value">The largest they can be.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Total">How many there are with all before.</param>
internal readonly record struct HistogramStep(TimeSpan Lowest, TimeSpan Value, long Count, long Total);
