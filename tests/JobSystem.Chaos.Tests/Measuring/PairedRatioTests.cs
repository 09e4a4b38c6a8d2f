using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Measuring;

/// <summary>The statistics against builds whose difference is known.</summary>
public sealed class PairedRatioTests
{
    [Theory]
    [InlineData(1, 0.03, 10)]
    [InlineData(1.1, 0.1, 20)]
    public void The_interval_holds_the_truth_about_as_often_as_it_says(double truth, double noise, int rounds)
    {
        const int times = 200;
        var held = Simulate(times, truth, noise, rounds).Count(ratio => ratio.Low <= truth && truth <= ratio.High);

        Assert.InRange(held, 0.89 * times, 0.99 * times);
    }

    [Fact]
    public void A_build_does_not_differ_from_itself()
    {
        const int times = 200;

        Assert.InRange(Simulate(times, 1, 0.03, 10).Count(ratio => ratio.IsDifferent), 0, 0.1 * times);
    }

    [Fact]
    public void A_tenth_in_three_hundredths_of_noise_is_found()
    {
        const int times = 100;

        Assert.InRange(
            Simulate(times, 1.1, 0.03, 10).Count(ratio => ratio is { IsDifferent: true, Low: > 1 }), 98, 100);
    }

    [Fact]
    public void A_machine_that_becomes_slower_does_so_for_both()
    {
        var random = new Random(4);
        var pairs = Enumerable.Range(0, 20).Select(round =>
        {
            var speed = 1000.0 / (1 + round);
            return (speed * (1 + (0.01 * random.NextDouble())), speed * (1.05 + (0.01 * random.NextDouble())));
        });

        Assert.InRange(PairedRatio.Of(pairs, 1)!.Median, 1.04, 1.06);
    }

    [Fact]
    public void Much_noise_is_called_so()
    {
        var ratio = PairedRatio.Of([(1, 2), (2, 1), (1, 1.5), (1.5, 1), (1, 1.1), (1.2, 1)], 1)!;

        Assert.True(ratio is { IsNoisy: true, IsDifferent: false });
    }

    [Fact]
    public void Pairs_that_are_alike_have_no_doubt()
    {
        var ratio = PairedRatio.Of(Enumerable.Repeat((2.0, 3.0), 6), 1)!;

        Assert.Equal((1.5, 1.5, 1.5), (Rounded(ratio.Median), Rounded(ratio.Low), Rounded(ratio.High)));
        Assert.Equal(2.0 / 64, ratio.ByChance);
        Assert.True(ratio.IsDifferent);

        static double Rounded(double number) => Math.Round(number, 9);
    }

    [Fact]
    public void Many_pairs_are_flipped_by_chance()
    {
        Assert.True(PairedRatio.Of(Enumerable.Repeat((2.0, 3.0), 100), 1)!.ByChance < 0.001);
        Assert.True(PairedRatio.Of(
            Enumerable.Range(0, 100).Select(round => round % 2 == 0 ? (2.0, 3.0) : (3.0, 2.0)), 1)!.ByChance > 0.9);
    }

    [Fact]
    public void Too_few_pairs_and_those_without_a_ratio_say_nothing()
    {
        Assert.Null(PairedRatio.Of(Enumerable.Repeat((2.0, 3.0), PairedRatio.MinPairs - 1), 1));
        Assert.Null(PairedRatio.Of(Enumerable.Repeat((0.0, 3.0), 20), 1));
    }

    [Fact]
    public void What_is_drawn_follows_from_the_seed()
    {
        (double, double)[] pairs = [(1, 1.1), (1, 0.9), (1, 1.3), (1, 1.2), (1, 1), (1, 0.8), (1, 1.05)];

        Assert.Equal(PairedRatio.Of(pairs, 5), PairedRatio.Of(pairs, 5));
    }

    private static IEnumerable<PairedRatio> Simulate(int times, double truth, double noise, int rounds) =>
        Enumerable.Range(0, times).Select(seed =>
        {
            var random = new Random(seed);
            return PairedRatio.Of(
                [.. Enumerable.Range(0, rounds).Select(_ => (
                    1000 * Math.Exp(noise / Math.Sqrt(2) * TrendTests.Normal(random)),
                    1000 * truth * Math.Exp(noise / Math.Sqrt(2) * TrendTests.Normal(random))))], seed)!;
        });
}
