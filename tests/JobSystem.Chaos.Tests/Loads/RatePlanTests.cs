using JobSystem.Chaos.Loads;
using Xunit;

namespace JobSystem.Chaos.Tests.Loads;

public sealed class RatePlanTests
{
    [Theory]
    [InlineData("100:20s")]
    [InlineData("100-2000:30s")]
    [InlineData("50:4s,100:4s,10")]
    public void When_so_many_were_due_so_many_are_counted(string rate)
    {
        var plan = Plan(rate);

        Assert.All([0.5, 7, 123, 555], count => Assert.Equal(count, plan.CountAt(plan.TimeOf(count)!.Value), 1e-3));
    }

    [Fact]
    public void The_jobs_of_a_burst_are_due_at_its_moment() =>
        Assert.Equal(10, Plan("10+500/10s:1m").TimeOf(300)!.Value.TotalSeconds);

    [Fact]
    public void More_than_there_are_is_never() => Assert.Null(Plan("100:20s").TimeOf(2001));

    [Fact]
    public void Without_a_rate_nobody_can_say() => Assert.Null(RatePlan.Unlimited.TimeOf(1));

    private static RatePlan Plan(string text)
    {
        Assert.True(RateText.TryParse(text, out var plan));
        return plan;
    }
}
