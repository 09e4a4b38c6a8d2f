using JobSystem.Chaos.Tests.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Histories;

public sealed class JobLivesTests
{
    [Fact]
    public void The_death_of_its_worker_is_part_of_a_lost_jobs_life()
    {
        var life = LifeOf(1, new HandMade().Workers("w1").Enqueued(0.1, 1).Began(0.2, 1, "w1")
            .At(0.3, new HistoryEvent.WorkerKilled("w1")));

        Assert.IsType<HistoryEvent.WorkerKilled>(life[^1].Event);
    }

    [Fact]
    public void A_worker_that_acked_before_the_work_and_died_is_why_the_job_is_lost() => Assert.Contains(
        LifeOf(1, new HandMade().Workers("w1").Enqueued(0.1, 1).Began(0.2, 1, "w1")
            .At(0.3, new HistoryEvent.MessageAcked(Job(1), 0, "q")).At(0.4, new HistoryEvent.WorkerKilled("w1"))),
        entry => entry.Event is HistoryEvent.WorkerKilled);

    [Fact]
    public void A_worker_that_died_after_the_work_and_before_the_ack_is_why_the_job_is_finished_twice()
    {
        var life = LifeOf(1, new HandMade().Workers("w1", "w2").Enqueued(0.1, 1).Ran(0.2, 0.3, 1, "w1")
            .At(0.4, new HistoryEvent.WorkerKilled("w1")).Ran(0.5, 0.6, 1, "w2"));

        Assert.Single(life, entry => entry.Event is HistoryEvent.WorkerKilled { Worker: "w1" });
    }

    [Fact]
    public void A_worker_that_died_before_its_ack_was_sent_is_why_the_job_is_finished_twice()
    {
        var life = LifeOf(1, new HandMade().Workers("w1", "w2").Enqueued(0.1, 1).Ran(0.2, 0.3, 1, "w1")
            .At(0.31, new HistoryEvent.MessageAcked(Job(1), 0, "q"))
            .At(0.4, new HistoryEvent.WorkerKilled("w1")).Ran(0.5, 0.6, 1, "w2")
            .At(0.61, new HistoryEvent.MessageAcked(Job(1), 0, "q"))
            .At(9, new HistoryEvent.WorkerStopped("w2", 0)));

        Assert.Single(life, entry => entry.Event is HistoryEvent.WorkerKilled { Worker: "w1" });
        Assert.DoesNotContain(life, entry => entry.Event is HistoryEvent.WorkerStopped);
    }

    [Fact]
    public void A_death_after_the_job_was_finished_and_acked_is_not_part_of_its_life() => Assert.DoesNotContain(
        LifeOf(1, new HandMade().Workers("w1").Enqueued(0.1, 1).Ran(0.2, 0.3, 1, "w1")
            .At(0.4, new HistoryEvent.MessageAcked(Job(1), 0, "q")).At(0.5, new HistoryEvent.WorkerKilled("w1"))),
        entry => entry.Event is HistoryEvent.WorkerKilled);

    [Fact]
    public void One_job_of_each_class_of_finding_has_its_life_told_however_many_there_are_of_another()
    {
        var history = new HandMade();
        for (var job = 0; job < 20; job++)
        {
            history.Enqueued(0.1, job);
        }

        var entries = history.Enqueued(0.2, 99).At(1, new HistoryEvent.StillQueued(Job(99), "q"))
            .At(2, new HistoryEvent.Drained(IsComplete: true)).Entries;
        var verdict = HistoryChecker.Check(entries, new CheckOptions { MaxStories = 3 });

        Assert.NotEmpty(Assert.Single(verdict.Findings, finding => finding.Kind == FindingKind.Stuck).Story);
        Assert.Equal(2, verdict.Findings.Count(finding => finding is { Kind: FindingKind.Lost, Story.Count: > 0 }));
    }

    private static List<HistoryEntry> LifeOf(int job, HandMade history) =>
        JobLives.Of(history.Entries, [Job(job)])[Job(job)];
}
