using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Systems;
using Xunit;

namespace JobSystem.Chaos.Tests.Loads;

/// <summary>What a killed run left on a broker must not be taken for the work of the next run with its seed.</summary>
public sealed class JobNameTests
{
    private static readonly JobId _one = JobName.Create("producer-1.1", 17, "3f09ac21");
    private static readonly JobId _other = JobName.Create("producer-1.1", 17, "77e0b1d4");

    [Fact]
    public void Jobs_of_two_runs_have_different_ids_and_payloads()
    {
        Assert.NotEqual(_one, _other);
        Assert.NotEqual(JobBody.Create(_one, 200), JobBody.Create(_other, 200));
    }

    [Fact]
    public void What_is_drawn_for_a_job_is_the_same_in_every_run()
    {
        var plan = new WorkloadPlan { Queues = [new QueueShare("a", 1), new QueueShare("b", 1)] };

        for (var number = 1; number <= 100; number++)
        {
            var (one, other) = (JobName.Create("p", number, "1"), JobName.Create("p", number, "2"));
            Assert.Equal(JobDraw.Of(one, plan), JobDraw.Of(other, plan));
            Assert.Equal(JobDraw.Of(JobName.Create("p", number, ""), plan), JobDraw.Of(one, plan));
        }
    }

    [Fact]
    public void A_failpoint_hits_the_same_jobs_in_every_run()
    {
        var failpoints = new FailpointSet(7, static _ => { });
        failpoints.Set("throw 0.5");

        Assert.All(Enumerable.Range(1, 100), number => Assert.Equal(
            failpoints.Hits(FailpointSet.Throw, JobName.Create("p", number, "1"), "1"),
            failpoints.Hits(FailpointSet.Throw, JobName.Create("p", number, "2"), "1")));
    }
}
