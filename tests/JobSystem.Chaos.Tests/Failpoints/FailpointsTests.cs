using JobSystem.Chaos.Failpoints;
using Xunit;

namespace JobSystem.Chaos.Tests.Failpoints;

public sealed class FailpointsTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void Nothing_is_hit_before_it_is_asked_for_and_after_it_is_over()
    {
        var failpoints = new FailpointSet(7, _told.Add);
        Assert.Equal(0, HitsOf(failpoints));

        failpoints.Set("throw 1");
        Assert.Equal(1000, HitsOf(failpoints));

        failpoints.Set("throw 0");
        Assert.Equal(0, HitsOf(failpoints));
    }

    [Fact]
    public void A_share_of_the_jobs_is_hit_always_the_same_ones()
    {
        var (one, other) = (new FailpointSet(7, _told.Add), new FailpointSet(7, static _ => { }));
        one.Set("throw 0.1");
        other.Set("throw 0.1");

        Assert.InRange(HitsOf(one), 60, 140);
        for (var number = 0; number < 1000; number++)
        {
            Assert.Equal(Hits(one, number), Hits(other, number));
        }
    }

    [Fact]
    public void Another_attempt_is_another_draw()
    {
        var failpoints = new FailpointSet(7, _told.Add);
        failpoints.Set("throw 0.5");

        Assert.Contains(Enumerable.Range(0, 100), number =>
            Hits(failpoints, number) && !failpoints.Hits(FailpointSet.Throw, new JobId($"job-{number}"), "2"));
    }

    [Fact]
    public void Every_hit_is_told()
    {
        var failpoints = new FailpointSet(7, _told.Add);
        failpoints.Set("exit 1");

        Assert.True(failpoints.Hits(FailpointSet.Exit, new JobId("a"), "1"));
        Assert.Equal(["hit exit"], _told);
    }

    [Theory]
    [InlineData("")]
    [InlineData("throw")]
    [InlineData("throw often")]
    [InlineData("dance 1")]
    [InlineData("throw 1 2")]
    public void What_is_no_command_is_ignored(string command)
    {
        var failpoints = new FailpointSet(7, _told.Add);

        failpoints.Set(command);

        Assert.Equal(0, HitsOf(failpoints));
    }

    private static int HitsOf(FailpointSet failpoints) =>
        Enumerable.Range(0, 1000).Count(number => Hits(failpoints, number));

    private static bool Hits(FailpointSet failpoints, int number) =>
        failpoints.Hits(FailpointSet.Throw, new JobId($"job-{number}"), "1");
}
