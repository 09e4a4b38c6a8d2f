using JobSystem.Chaos.Loads;
using Xunit;

namespace JobSystem.Chaos.Tests.Loads;

public sealed class LoadScheduleTests
{
    [Fact]
    public void A_constant_rate_is_even()
    {
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], Dues("4:1250ms"));
    }

    [Fact]
    public void A_ramp_is_denser_towards_its_end()
    {
        var dues = Dues("0-10:2s");

        Assert.Equal(10, dues.Count);
        Assert.All(Enumerable.Range(0, 10), job => Assert.Equal(Math.Sqrt(2.0 * job / 5), dues[job], 5));
    }

    [Fact]
    public void A_ramp_may_go_down()
    {
        var gaps = Gaps(Dues("100-10:5s"));

        Assert.Equal(275, gaps.Count + 1);
        Assert.All(gaps.Zip(gaps.Skip(1)), pair => Assert.True(pair.Second > pair.First - 1e-6));
    }

    [Fact]
    public void A_burst_is_due_at_once_and_the_steady_rate_goes_on()
    {
        var dues = Dues("2+3/1s:3s");

        Assert.Equal([0, 0.5, 1, 1, 1, 1, 1.5, 2, 2, 2, 2, 2.5], dues);
    }

    [Fact]
    public void Nothing_is_due_in_a_pause()
    {
        Assert.Equal([0, 0.5, 3, 3.5], Dues("2:1s,0:2s,2:1s"));
    }

    [Fact]
    public void A_stage_without_an_end_goes_on_until_there_are_enough_jobs()
    {
        Assert.Equal([0, 1, 1.1, 1.2], Dues("1:1s,10", jobs: 4));
    }

    [Theory]
    [InlineData("100:10s")]
    [InlineData("7-90:11s,3+20/900ms:5s")]
    [InlineData("0.3:100s")]
    public void Producers_share_the_plan_to_the_last_job(string rate)
    {
        var alone = Dues(rate);
        var shared = Enumerable.Range(0, 3).SelectMany(producer => Dues(rate, producer: producer, producers: 3));

        Assert.Equal(alone, shared.Order());
    }

    [Fact]
    public void An_unlimited_load_is_due_at_once() => Assert.Equal([0, 0, 0], Dues("max", jobs: 3));

    [Fact]
    public void Arrivals_by_chance_keep_the_rate_and_are_not_even()
    {
        var gaps = Gaps(Dues("1000:60s", poisson: true));
        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => Math.Pow(gap - mean, 2)));

        Assert.InRange(gaps.Count, 59_000, 61_000); // four standard deviations
        Assert.InRange(deviation / mean, 0.97, 1.03); // of an exponential distribution: 1
    }

    [Fact]
    public void The_same_seed_draws_the_same_arrivals_and_another_others()
    {
        Assert.Equal(Dues("100:5s", poisson: true, seed: 4), Dues("100:5s", poisson: true, seed: 4));
        Assert.NotEqual(Dues("100:5s", poisson: true, seed: 4), Dues("100:5s", poisson: true, seed: 5));
    }

    [Theory]
    [InlineData("100:10s", 4, 400)]
    [InlineData("0-100:10s", 5, 125)]
    [InlineData("100-0:10s", 10, 500)]
    [InlineData("10+50/2s:9s", 5, 150)]
    [InlineData("10:1s,20", 3, 50)]
    public void What_is_due_by_a_time_is_known(string rate, double seconds, double count)
    {
        Assert.Equal(count, Plan(rate).CountAt(TimeSpan.FromSeconds(seconds)), 6);
    }

    private static RatePlan Plan(string rate) =>
        RateText.TryParse(rate, out var plan) ? plan : throw new FormatException(rate);

    private static List<double> Dues(
        string rate, int? jobs = null, int producer = 0, int producers = 1, bool poisson = false, int seed = 1)
    {
        var plan = Plan(rate);
        var load = new WorkloadPlan { Rate = plan, Jobs = jobs ?? (int)plan.Jobs!, Poisson = poisson };
        return [.. LoadSchedule.Of(load, producer, producers, seed).Select(due => due.TotalSeconds)];
    }

    private static List<double> Gaps(List<double> dues) =>
        [.. dues.Zip(dues.Skip(1)).Select(pair => pair.Second - pair.First)];
}
