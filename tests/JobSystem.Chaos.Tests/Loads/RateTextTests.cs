using JobSystem.Chaos.Loads;
using Xunit;

namespace JobSystem.Chaos.Tests.Loads;

public sealed class RateTextTests
{
    [Theory]
    [InlineData("500", "500")]
    [InlineData("max", "max")]
    [InlineData("500:1m", "500:60s")]
    [InlineData(" 0.5 : 10s ", "0.5:10s")]
    [InlineData("500-2000:2m", "500-2000:120s")]
    [InlineData("500+2000/10s:2m", "500+2000/10s:120s")]
    [InlineData("0+100/500ms", "0+100/0.5s")]
    [InlineData("100:30s,0:5s,100-1000:1m,50", "100:30s,0:5s,100-1000:60s,50")]
    public void A_rate_reads_as_it_is_written(string text, string told)
    {
        Assert.True(RateText.TryParse(text, out var plan));
        Assert.Equal(told, plan.ToString());
        Assert.True(RateText.TryParse(told, out var again));
        Assert.Equal(plan.Stages, again.Stages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("-5")]
    [InlineData("500:")]
    [InlineData("500:0s")]
    [InlineData("500-2000")]
    [InlineData("500,200:1m")]
    [InlineData("0")]
    [InlineData("0:10s")]
    [InlineData("500+100")]
    [InlineData("500+100/0s")]
    [InlineData("1e3")]
    [InlineData("99999999")]
    public void What_is_no_rate_is_refused(string text) => Assert.False(RateText.TryParse(text, out _));
}
