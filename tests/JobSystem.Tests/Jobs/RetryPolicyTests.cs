using Xunit;

namespace JobSystem.Tests.Jobs;

/// <summary>When a failed job runs again, to the tick.</summary>
public sealed class RetryPolicyTests
{
    [Fact]
    public void The_usual_schedule_doubles_from_5_s_up_to_an_hour()
    {
        var policy = Retry.Exponential(maxAttempts: 20);

        var seconds = Enumerable.Range(1, 12).Select(attempt => policy.DelayAfter(attempt, draw: 0).TotalSeconds);

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600], seconds);
    }

    [Fact]
    public void The_draw_takes_away_up_to_the_jitters_part()
    {
        var policy = new RetryPolicy { FirstDelay = TimeSpan.FromSeconds(8), Jitter = 0.5 };

        Assert.Equal(TimeSpan.FromSeconds(8), policy.DelayAfter(1, draw: 0));
        Assert.Equal(TimeSpan.FromSeconds(6), policy.DelayAfter(1, draw: 0.5));
        Assert.InRange(
            policy.DelayAfter(1, draw: 0.999999), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4.001));
        Assert.Equal(TimeSpan.FromSeconds(8), (policy with { Jitter = 0 }).DelayAfter(1, draw: 0.9));
    }

    [Fact]
    public void With_any_draw_the_delay_stays_within_its_bounds()
    {
        var random = new Random(7);
        for (var times = 0; times < 10_000; times++)
        {
            var policy = Retry.Exponential() with { Jitter = random.NextDouble() };
            var attempt = random.Next(1, 40);
            var whole = policy.DelayAfter(attempt, draw: 0);

            Assert.InRange(policy.DelayAfter(attempt, random.NextDouble()), whole * (1 - policy.Jitter), whole);
        }
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(int.MaxValue)]
    public void No_attempt_overflows(int attempt)
    {
        var max = TimeSpan.FromHours(1);

        Assert.Equal(max, Retry.Exponential().DelayAfter(attempt, draw: 0));
        Assert.Equal(TimeSpan.Zero, Retry.Exponential(first: TimeSpan.Zero).DelayAfter(attempt, draw: 0));
        Assert.InRange(
            Retry.Exponential(max: TimeSpan.MaxValue).DelayAfter(attempt, draw: 0), max, TimeSpan.MaxValue);
        Assert.Equal(
            TimeSpan.Zero, (Retry.Exponential() with { Factor = 0.5 }).DelayAfter(attempt, draw: 0));
    }

    [Fact]
    public void An_attempt_below_the_first_waits_as_the_first() =>
        Assert.Equal(TimeSpan.FromSeconds(5), Retry.Exponential().DelayAfter(0, draw: 0));

    [Fact]
    public void The_number_of_runs_counts_the_first()
    {
        Assert.False(Retry.None.AllowsAnother(1));
        Assert.True(Retry.Exponential(maxAttempts: 3).AllowsAnother(2));
        Assert.False(Retry.Exponential(maxAttempts: 3).AllowsAnother(3));
        Assert.False(Retry.Exponential(maxAttempts: 3).AllowsAnother(4));
    }

    [Fact]
    public void A_constant_delay_is_the_same_each_time_whatever_the_draw()
    {
        var policy = Retry.Every(TimeSpan.FromSeconds(3));

        Assert.All(
            Enumerable.Range(1, 50),
            attempt => Assert.Equal(TimeSpan.FromSeconds(3), policy.DelayAfter(attempt, draw: 0.7)));
    }
}
