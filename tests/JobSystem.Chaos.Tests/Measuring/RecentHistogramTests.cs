using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Measuring;

public sealed class RecentHistogramTests
{
    private readonly RecentHistogram _recent = new(5);

    [Fact]
    public void What_is_older_than_its_seconds_is_forgotten()
    {
        Record(100.2, 1);
        Record(103.2, 2);

        Assert.Equal([2, 2, 1, 0], new[] { 103.3, 104.9, 105, 108 }.Select(now => Before(now).Count));
    }

    [Fact]
    public void Values_may_come_late_but_not_too_late()
    {
        Record(104, 1);
        Record(101, 2);
        Record(99, 3);

        Assert.Equal((2, 2), (Before(104).Count, Before(104).Max.TotalSeconds));
    }

    [Fact]
    public void A_place_that_is_used_again_has_none_of_the_old_values()
    {
        Record(100, 50);
        Record(105, 1);

        Assert.Equal(1, Before(105).Max.TotalSeconds);
    }

    [Fact]
    public void The_future_is_not_yet_counted()
    {
        Record(104, 1);

        Assert.Equal(0, Before(102).Count);
    }

    private void Record(double at, double value) =>
        _recent.Record(TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(value));

    private Histogram Before(double now) => _recent.Before(TimeSpan.FromSeconds(now));
}
