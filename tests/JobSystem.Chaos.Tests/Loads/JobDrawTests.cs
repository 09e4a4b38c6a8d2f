using JobSystem.Chaos.Loads;
using Xunit;

namespace JobSystem.Chaos.Tests.Loads;

public sealed class JobDrawTests
{
    private static readonly WorkloadPlan _plan = new()
    {
        Mix =
        [
            new("a", 90, Distribution.Exponential(5), Distribution.Constant(10)),
            new("b", 10, Distribution.Constant(9), Distribution.Constant(0)),
        ],
        Queues = [new("one", 1), new("two", 3)],
    };

    [Fact]
    public void What_is_drawn_for_a_job_is_the_same_for_everybody_who_asks()
    {
        var job = new JobId("producer-1.1-000042");

        Assert.Equal(JobDraw.Of(job, _plan), JobDraw.Of(new JobId(job.Value), _plan));
    }

    [Fact]
    public void Kinds_and_queues_come_as_often_as_their_shares()
    {
        var draws = Enumerable.Range(0, 20_000).Select(job => JobDraw.Of(new JobId($"p-{job}"), _plan)).ToList();

        Assert.InRange(draws.Count(draw => draw.Class == 1), 1_850, 2_150);
        Assert.InRange(draws.Count(draw => draw.Queue == 0), 4_750, 5_250);
        Assert.InRange(draws.Count(draw => draw is { Class: 1, Queue: 0 }), 440, 560); // each drawn by itself
        Assert.All(draws.Where(draw => draw.Class == 1), draw => Assert.Equal(TimeSpan.FromMilliseconds(9), draw.Work));
    }
}
