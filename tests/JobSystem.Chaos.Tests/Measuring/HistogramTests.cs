using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Measuring;

/// <summary>Percentiles are compared with the exact ones of the same values, over many kinds of random data.</summary>
public sealed class HistogramTests
{
    private static readonly double[] _percentiles = [0, 1, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

    [Theory]
    [InlineData(2, 0.01)]
    [InlineData(3, 0.001)]
    public void A_percentile_is_the_exact_one_or_larger_by_less_than_its_last_digit(int digits, double precision)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var values = Values(new Random(seed));
            var histogram = HistogramOf(digits, values);
            Array.Sort(values);

            foreach (var percentile in _percentiles)
            {
                var exact = values[Math.Max(0, (int)Math.Ceiling(percentile / 100 * values.Length) - 1)];
                var measured = Microseconds(histogram.ValueAt(percentile));
                Assert.True(
                    measured >= exact && measured <= Math.Ceiling(exact * (1 + precision)),
                    $"seed {seed}, p{percentile}: exactly {exact} µs, measured {measured} µs");
            }
        }
    }

    [Fact]
    public void Count_least_largest_and_mean_are_exact()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var values = Values(new Random(seed));
            var histogram = HistogramOf(3, values);

            Assert.Equal(values.Length, histogram.Count);
            Assert.Equal(values.Min(), Microseconds(histogram.Min));
            Assert.Equal(values.Max(), Microseconds(histogram.Max));
            Assert.Equal((long)(values.Aggregate((Int128)0, (sum, each) => sum + each) / values.Length),
                Microseconds(histogram.Mean));
        }
    }

    [Fact]
    public void Parts_added_together_are_the_same_as_the_whole()
    {
        var values = Values(new Random(7));
        var (one, other) = (HistogramOf(3, values[..100]), HistogramOf(3, values[100..]));
        var whole = HistogramOf(3, values);
        one.Add(other);

        Assert.Equal(HistogramText.Percentiles(whole), HistogramText.Percentiles(one));
        Assert.Equal((whole.Count, whole.Min, whole.Max, whole.Mean), (one.Count, one.Min, one.Max, one.Mean));
    }

    [Fact]
    public void One_with_other_digits_is_not_added() =>
        Assert.Throws<ArgumentException>(() => new Histogram(3).Add(new Histogram(2)));

    [Fact]
    public void Without_a_value_everything_is_zero()
    {
        var histogram = new Histogram();

        Assert.Equal((0, TimeSpan.Zero, TimeSpan.Zero), (histogram.Count, histogram.Min, histogram.Max));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (histogram.Mean, histogram.ValueAt(99)));
    }

    [Fact]
    public void What_is_out_of_range_counts_as_the_end_of_it()
    {
        var histogram = new Histogram();
        histogram.Record(TimeSpan.FromSeconds(-1));
        histogram.Record(TimeSpan.FromHours(2));

        Assert.Equal((TimeSpan.Zero, Histogram.Longest), (histogram.ValueAt(0), histogram.ValueAt(100)));
        Assert.Equal((2, 1), (histogram.Count, histogram.Clamped));
    }

    [Fact]
    public void Values_up_to_a_limit_are_counted()
    {
        var histogram = HistogramOf(3, [.. Enumerable.Range(1, 1000).Select(each => (long)each)]);

        Assert.Equal(0, histogram.CountUpTo(TimeSpan.Zero));
        Assert.Equal(500, histogram.CountUpTo(TimeSpan.FromMicroseconds(500)));
        Assert.Equal(1000, histogram.CountUpTo(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_value_recorded_many_times_counts_so_often()
    {
        var histogram = new Histogram();
        histogram.Record(TimeSpan.FromMilliseconds(1), 99);
        histogram.Record(TimeSpan.FromSeconds(1));

        Assert.Equal(100, histogram.Count);
        Assert.Equal(1, histogram.ValueAt(99).TotalMilliseconds, 2);
        Assert.Equal(TimeSpan.FromSeconds(1), histogram.ValueAt(99.1));
    }

    [Fact]
    public void Its_memory_does_not_grow_with_the_values()
    {
        var histogram = HistogramOf(3, [1, 3_600_000_000]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 100_000; index++)
        {
            histogram.Record(TimeSpan.FromMicroseconds(index * 36_000L));
        }

        // Less than a byte a value: the runtime allocates a little of its own while it compiles the loop.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99_999);
    }

    /// <summary>Even, with a long tail, in two heaps, tiny ones: each seed another kind.</summary>
    private static long[] Values(Random random)
    {
        var (kind, scale) = (random.Next(4), Math.Pow(10, random.Next(1, 9)));
        return [.. Enumerable.Range(0, random.Next(200, 5000)).Select(_ => Math.Min(3_600_000_000L, kind switch
        {
            0 => (long)(random.NextDouble() * scale),
            1 => (long)(scale * Math.Exp(4 * random.NextDouble() * random.NextDouble())),
            2 => random.Next(100) == 0 ? (long)(scale * 30 * random.NextDouble()) : random.Next(2000),
            _ => random.Next(300),
        }))];
    }

    private static Histogram HistogramOf(int digits, long[] microseconds)
    {
        var histogram = new Histogram(digits);
        foreach (var value in microseconds)
        {
            histogram.Record(TimeSpan.FromMicroseconds(value));
        }

        return histogram;
    }

    private static long Microseconds(TimeSpan value) => value.Ticks / TimeSpan.TicksPerMicrosecond;
}
