using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Measuring;

public sealed class TrendTests
{
    [Fact]
    public void A_straight_line_has_its_slope_and_no_doubt()
    {
        var trend = Trend.Of([.. Enumerable.Range(0, 50).Select(x => ((double)x, 3.0 + (2 * x)))])!;

        Assert.Equal((2, 2, 2), (trend.Slope, trend.Low, trend.High));
        Assert.Equal(52, trend.Level);
    }

    [Fact]
    public void Too_few_points_say_nothing() =>
        Assert.Null(Trend.Of([.. Enumerable.Range(0, Trend.MinPoints - 1).Select(x => ((double)x, 1.0))]));

    [Fact]
    public void A_fifth_of_wild_values_does_not_move_it()
    {
        var random = new Random(1);
        var trend = Trend.Of([.. Enumerable.Range(0, 200).Select(
            x => ((double)x, x % 5 == 0 ? random.NextDouble() * 1e6 : 5.0 * x))])!;

        Assert.InRange(trend.Slope, 4.9, 5.1);
    }

    [Fact]
    public void The_interval_holds_the_truth_about_as_often_as_it_says()
    {
        const int times = 400;
        var held = Enumerable.Range(0, times).Count(seed =>
        {
            var random = new Random(seed);
            var trend = Trend.Of([.. Enumerable.Range(0, 60).Select(x => ((double)x, x + (20 * Normal(random))))])!;
            return trend.Low <= 1 && trend.High >= 1;
        });

        Assert.InRange(held, 0.92 * times, 0.995 * times);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Noise_that_follows_itself_is_no_trend(double likeness)
    {
        const int times = 200;
        var called = Enumerable.Range(0, times).Count(seed =>
        {
            var (random, level) = (new Random(seed), 0.0);
            var trend = Trend.Of([.. Enumerable.Range(0, 150).Select(
                x => ((double)x, level = (likeness * level) + Normal(random)))])!;
            return trend.Low > 0 || trend.High < 0;
        });

        Assert.InRange(called, 0, 0.12 * times);
    }

    [Fact]
    public void Without_memory_few_points_that_wander_about_a_slope_have_it()
    {
        (double, double)[] points = [.. Enumerable.Range(0, 18).Select(x => ((double)x, (5.0 * x) + (x / 6 % 2 * 6)))];

        Assert.InRange(Trend.Of(points, withMemory: false)!.Low, 4, 5);
        Assert.True(Trend.Of(points)!.Low < Trend.Of(points, withMemory: false)!.Low);
    }

    [Fact]
    public void Many_points_are_thinned_without_a_change_of_the_slope()
    {
        var random = new Random(3);
        var trend = Trend.Of([.. Enumerable.Range(0, 5000).Select(x => ((double)x, (0.5 * x) + Normal(random)))])!;

        Assert.InRange(trend.Slope, 0.499, 0.501);
    }

    internal static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
