using JobSystem.Terminal.Arguments;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("10", 10_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("5m", 300_000)]
    [InlineData("2H", 7_200_000)]
    [InlineData(" 1 d ", 86_400_000)]
    [InlineData("0", 0)]
    public void Durations_are_read_as_people_write_them(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1w")]
    [InlineData("1e3")]
    [InlineData("1,5s")]
    [InlineData("4000d")]
    [InlineData("999999999999d")]
    [InlineData("NaN")]
    public void What_is_no_duration_or_longer_than_ten_years_is_refused(string text) =>
        Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(1500, "1.5 s")]
    [InlineData(25_000, "25 s")]
    [InlineData(600_000, "10 min")]
    [InlineData(7_200_000, "2 h")]
    [InlineData(172_800_000, "2 d")]
    public void Durations_are_said_in_the_unit_that_fits(double milliseconds, string words) =>
        Assert.Equal(words, DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)));
}
