using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Measuring;

/// <summary>The curve says the same as the histogram, with few points.</summary>
public sealed class PercentileSpectrumTests
{
    [Fact]
    public void Each_point_is_the_value_at_its_percentile()
    {
        var histogram = Of(Enumerable.Range(1, 5000).Select(value => value * value % 7919));

        Assert.All(PercentileSpectrum.Of(histogram), point => Assert.Equal(
            histogram.ValueAt(100 * (1 - (1 / point.OneOf))).TotalMilliseconds, point.Value.TotalMilliseconds, 8));
    }

    [Fact]
    public void It_ends_with_the_slowest_of_all()
    {
        var last = PercentileSpectrum.Of(Of(Enumerable.Repeat(1, 999).Append(5000)))[^1];

        Assert.Equal(new SpectrumPoint(1000, TimeSpan.FromMilliseconds(5000)), last);
    }

    [Fact]
    public void It_only_grows_to_the_right_and_upwards()
    {
        var points = PercentileSpectrum.Of(Of(Enumerable.Range(1, 3000)));

        Assert.Equal(points.OrderBy(point => point.OneOf), points);
        Assert.Equal(points.OrderBy(point => point.Value), points);
    }

    [Fact]
    public void A_million_values_are_a_hundred_and_some_points()
    {
        var histogram = new Histogram();
        histogram.Record(TimeSpan.FromMilliseconds(1), 999_990);
        histogram.Record(TimeSpan.FromSeconds(9), 10);

        var points = PercentileSpectrum.Of(histogram);

        Assert.InRange(points.Count, 100, 200);
        Assert.Equal(100_000, points.First(point => point.Value.TotalSeconds > 1).OneOf, 15_000.0);
    }

    [Fact]
    public void One_value_is_one_point() => Assert.Single(PercentileSpectrum.Of(Of([7])));

    [Fact]
    public void No_value_is_no_point() => Assert.Empty(PercentileSpectrum.Of(new Histogram()));

    private static Histogram Of(IEnumerable<int> milliseconds)
    {
        var histogram = new Histogram();
        foreach (var value in milliseconds)
        {
            histogram.Record(TimeSpan.FromMilliseconds(value));
        }

        return histogram;
    }
}
