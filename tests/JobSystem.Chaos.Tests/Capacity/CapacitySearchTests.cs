using JobSystem.Chaos.Load.Capacity;
using Xunit;
using static JobSystem.Chaos.Tests.Measuring.TrendTests;

namespace JobSystem.Chaos.Tests.Capacity;

/// <summary>The search against systems whose capacity is known.</summary>
public sealed class CapacitySearchTests
{
    private static readonly SearchRange _range = new(50, null, 0.05);

    [Fact]
    public void It_doubles_until_a_rate_fails_and_then_halves_the_gap()
    {
        var tried = Search(_range, rate => rate <= 1000).Tried;

        Assert.Equal([50, 100, 200, 400, 800, 1600, 1130, 951, 1040], tried.Take(9));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(777)]
    [InlineData(31_000)]
    public void What_it_finds_is_kept_and_the_next_is_not_and_both_were_tried_twice(double capacity)
    {
        var (end, tried) = Search(_range, rate => rate <= capacity);

        var found = Assert.IsType<SearchMove.Found>(end);
        Assert.InRange(capacity, found.Best, found.FirstFailed!.Value);
        Assert.InRange(found.FirstFailed.Value / found.Best, 1, 1.05);
        Assert.Equal(2, tried.Count(rate => rate == found.Best));
        Assert.Equal(2, tried.Count(rate => rate == found.FirstFailed));
    }

    [Fact]
    public void With_noise_and_hiccups_it_finds_the_capacity_within_its_precision_and_the_noise()
    {
        const int times = 1000;
        const double noise = 0.02;
        var (right, steps) = (0, 0);
        for (var seed = 0; seed < times; seed++)
        {
            var random = new Random(seed);
            var capacity = 50 * Math.Pow(200, random.NextDouble());
            var (end, tried) = Search(_range with { From = 20 }, rate =>
                random.NextDouble() > 0.03 && rate <= capacity * (1 + (noise * Normal(random))));
            var best = (end as SearchMove.Found)?.Best ?? 0; // the first rate may have two hiccups in a row
            right += Math.Abs((best / capacity) - 1) <= 0.05 + (2 * noise) ? 1 : 0;
            steps += tried.Count;
        }

        Assert.InRange(right, 0.97 * times, times);
        Assert.InRange(steps, 8 * times, 18 * times);
    }

    [Fact]
    public void One_hiccup_on_the_way_up_does_not_hide_what_is_above()
    {
        var isFirst = true;
        var (end, _) = Search(_range, rate =>
        {
            var isHiccup = rate == 200 && isFirst;
            isFirst &= rate != 200;
            return !isHiccup && rate <= 3000;
        });

        Assert.InRange(Assert.IsType<SearchMove.Found>(end).Best, 2850, 3000);
    }

    [Fact]
    public void Where_two_trials_disagree_a_third_decides()
    {
        RateTrial[] trials = [new(50, true), new(51, false), new(51, true)];

        Assert.Equal(new SearchMove.Try(51), CapacitySearch.Next(_range, trials));
        Assert.Equal(
            new SearchMove.Try(50), CapacitySearch.Next(_range, [.. trials, new RateTrial(51, false)]));
        Assert.Equal(new SearchMove.Try(102), CapacitySearch.Next(_range, [.. trials, new RateTrial(51, true)]));
    }

    [Fact]
    public void The_end_of_the_range_is_the_answer_where_all_is_kept()
    {
        var (end, tried) = Search(_range with { To = 130 }, _ => true);

        Assert.Equal(new SearchMove.Found(130, null), end);
        Assert.Equal([50, 100, 130, 130], tried);
    }

    [Fact]
    public void Where_the_first_rate_fails_twice_nothing_is_kept()
    {
        var (end, tried) = Search(_range, _ => false);

        Assert.Equal(new SearchMove.NothingKept(50), end);
        Assert.Equal([50, 50], tried);
    }

    [Fact]
    public void It_ends_whatever_the_trials_say()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Search(_range with { Precision = 0.01 }, _ => random.Next(2) == 0);
        }
    }

    [Theory]
    [InlineData(1131.37, 1130)]
    [InlineData(70.71, 70.7)]
    [InlineData(0.8491, 0.849)]
    public void Rates_have_three_digits(double rate, double rounded) =>
        Assert.Equal(rounded, CapacitySearch.Rounded(rate));

    private static (SearchMove End, List<double> Tried) Search(SearchRange range, Func<double, bool> keeps)
    {
        var trials = new List<RateTrial>();
        for (var steps = 0; steps < 400; steps++)
        {
            if (CapacitySearch.Next(range, trials) is not SearchMove.Try next)
            {
                return (CapacitySearch.Next(range, trials), [.. trials.Select(trial => trial.Rate)]);
            }

            trials.Add(new RateTrial(next.Rate, keeps(next.Rate)));
        }

        throw new InvalidOperationException("The search has no end.");
    }
}
