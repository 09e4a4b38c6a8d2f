using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Reports;

public sealed class ResourceFoldTests
{
    [Fact]
    public void Processor_time_counts_since_the_load_began_and_all_of_later_lives()
    {
        var used = new HandMade().Sampled(0, "worker-1.1", 60, 1.5).Sampled(5, "worker-1.1", 70, 4)
            .Sampled(6, "worker-1.2", 50, 0.5).Sampled(9, "worker-1.2", 55, 2)
            .Sampled(0, "producer-1.1", 40, 1).Sampled(9, "producer-1.1", 40, 2).Used();

        Assert.Equal(TimeSpan.FromSeconds(4.5), used.CpuOfWorkers);
        Assert.Equal(TimeSpan.FromSeconds(1), used.CpuOfProducers);
        Assert.Equal(71 * 1024 * 1024, used.PeakOfWorkers);
        Assert.Equal(
            TimeSpan.FromMilliseconds(45), Resources.PerJob(used.CpuOfWorkers, new Tally { Finished = 100 }));
    }

    [Fact]
    public void A_life_after_one_that_a_fault_killed_was_asked_for_and_another_was_not()
    {
        var used = new HandMade().Workers("worker-1.1", "worker-2.1")
            .Injected(1, 1, "worker-kill", "worker-1.1 (process 77)")
            .At(1.1, new HistoryEvent.WorkerKilled("worker-1.1"))
            .At(1.3, new HistoryEvent.WorkerStarted("worker-1.2"))
            .At(2, new HistoryEvent.WorkerKilled("worker-2.1")).At(2.2, new HistoryEvent.WorkerStarted("worker-2.2"))
            .Used();

        Assert.Equal([new Restart("worker-2.2", TimeSpan.FromSeconds(2.2))], used.Restarts);
    }

    [Fact]
    public void A_life_after_one_that_a_failpoint_killed_was_asked_for()
    {
        var used = new HandMade().Workers("worker-1.1")
            .Injected(1, 1, "handler-exit", "0.5 % of the runs of every worker")
            .At(2, new HistoryEvent.EndExpected("worker-1.1")).At(2, new HistoryEvent.WorkerKilled("worker-1.1"))
            .At(2.2, new HistoryEvent.WorkerStarted("worker-1.2"))
            .Used();

        Assert.Empty(used.Restarts);
    }

    [Fact]
    public void A_life_after_one_that_was_only_paused_and_then_ended_was_not_asked_for()
    {
        var used = new HandMade().Workers("worker-1.1")
            .Injected(1, 1, "worker-pause", "worker-1.1 (process 77)")
            .At(9, new HistoryEvent.WorkerStopped("worker-1.1", 1))
            .At(9.2, new HistoryEvent.WorkerStarted("worker-1.2"))
            .Used();

        Assert.Equal(["worker-1.2"], used.Restarts.Select(each => each.Life));
    }

    [Fact]
    public void Of_many_looks_some_are_kept_from_all_of_the_run()
    {
        var history = new HandMade();
        for (var second = 0; second < 30_000; second++)
        {
            history.Sampled(second, "worker-1.1", 60, second / 100.0);
        }

        var process = Assert.Single(history.Used().Processes);

        Assert.InRange(process.Samples.Count, 1000, 4000);
        Assert.Equal(TimeSpan.FromSeconds(299.99), process.Cpu);
        Assert.InRange(process.Samples[^1].At.TotalSeconds, 29_900, 30_000);
    }
}
