using JobSystem.Chaos.Loads;
using Xunit;

namespace JobSystem.Chaos.Tests.Loads;

public sealed class DistributionTests
{
    [Theory]
    [InlineData("5ms", "5ms")]
    [InlineData("0s", "0ms")]
    [InlineData("exp(5ms)", "exp(5ms)")]
    [InlineData("uniform(1s, 3s)", "uniform(1000ms,3000ms)")]
    [InlineData("lognormal(20ms,200ms)", "lognormal(20ms,200ms)")]
    public void A_spread_of_durations_reads_as_it_is_written(string text, string told)
    {
        Assert.True(DistributionText.TryParseDuration(text, out var found));
        Assert.Equal(told, DistributionText.Format(found, "ms"));
    }

    [Theory]
    [InlineData("200", 200)]
    [InlineData("200B", 200)]
    [InlineData("4KB", 4096)]
    [InlineData("1.5 mb", 1_572_864)]
    public void A_size_reads_as_it_is_written(string text, double bytes)
    {
        Assert.True(DistributionText.TryParseSize(text, out var found));
        Assert.Equal(Distribution.Constant(bytes), found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("exp()")]
    [InlineData("exp(5ms")]
    [InlineData("exp(1s,2s)")]
    [InlineData("uniform(3s,1s)")]
    [InlineData("lognormal(200ms,20ms)")]
    [InlineData("lognormal(0ms,20ms)")]
    [InlineData("gauss(1s,2s)")]
    [InlineData("fast")]
    public void What_is_no_spread_is_refused(string text) =>
        Assert.False(DistributionText.TryParseDuration(text, out _));

    [Fact]
    public void More_than_a_broker_takes_is_no_size() =>
        Assert.False(DistributionText.TryParseSize("200MB", out _));

    [Fact]
    public void A_constant_is_always_the_same() => Assert.All(Draw("7ms"), value => Assert.Equal(7, value));

    [Fact]
    public void An_exponential_spread_has_its_mean_and_is_cut()
    {
        var values = Draw("exp(5ms)");

        Assert.InRange(values.Average(), 4.9, 5.1);
        Assert.InRange(values.Max(), 40, 50);
    }

    [Fact]
    public void An_even_spread_fills_its_range()
    {
        var values = Draw("uniform(10ms,20ms)");

        Assert.InRange(values.Average(), 14.9, 15.1);
        Assert.InRange(values.Min(), 10, 10.01);
        Assert.InRange(values.Max(), 19.99, 20);
    }

    [Fact]
    public void A_lognormal_spread_has_its_median_and_its_99th_percentile()
    {
        var values = Draw("lognormal(20ms,200ms)").Order().ToList();

        Assert.InRange(values[values.Count / 2], 19.5, 20.5);
        Assert.InRange(values[values.Count * 99 / 100], 185, 215);
    }

    private static List<double> Draw(string text)
    {
        Assert.True(DistributionText.TryParseDuration(text, out var found));
        var draws = new Draws(7);
        var values = new List<double>();
        for (var time = 0; time < 100_000; time++)
        {
            values.Add(found.Draw(ref draws));
        }

        return values;
    }
}
