using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>A timeline is checked against histories small enough to be counted by hand.</summary>
public sealed class TimelineTests
{
    [Fact]
    public void Each_thing_is_counted_in_the_bin_it_happened_in()
    {
        var bins = new HandMade()
            .Workers("w1", "w2")
            .Enqueued(0.5, 1).Ran(1.1, 1.2, 1, "w1")
            .Intended(1.5, 2).At(1.6, new HistoryEvent.EnqueueRejected(Job(2), "nacked"))
            .Intended(2.1, 3).At(2.9, new HistoryEvent.EnqueueUnknown(Job(3), "no answer"))
            .Enqueued(2.2, 4).Began(2.3, 4, "w1").At(2.4, new HistoryEvent.RunFailed(Job(4), Run("w1", 2), "thrown"))
            .At(2.5, new HistoryEvent.WorkerKilled("w1"))
            .Timeline().Bins;

        Assert.Equal(3, bins.Count);
        Assert.Equal([1, 1, 2], bins.Select(bin => bin.Intended));
        Assert.Equal([1, 0, 1], bins.Select(bin => bin.Confirmed));
        Assert.Equal([0, 1, 0], bins.Select(bin => bin.Rejected));
        Assert.Equal([0, 0, 1], bins.Select(bin => bin.Unknown));
        Assert.Equal([0, 1, 1], bins.Select(bin => bin.Started));
        Assert.Equal([0, 1, 0], bins.Select(bin => bin.Effects));
        Assert.Equal([0, 0, 1], bins.Select(bin => bin.Failures));
        Assert.Equal([1, 0, 1], bins.Select(bin => bin.Backlog));
        Assert.Equal([2, 2, 1], bins.Select(bin => bin.WorkersAlive));
    }

    [Fact]
    public void A_job_that_a_worker_has_dead_lettered_is_no_backlog_until_the_sweep_finds_it()
    {
        var bins = new HandMade().Workers("w").Enqueued(0.5, 1).Enqueued(0.5, 2)
            .At(1.5, new HistoryEvent.MessageStored(Job(1), HistoryEvent.MessageStored.EpochOfDeadLetters, "dead"))
            .At(1.6, new HistoryEvent.MessageStored(Job(2), 1, "chaos"))
            .At(4.5, new HistoryEvent.DeadLettered(Job(1), FailureReason.AttemptsExhausted))
            .Timeline().Bins;

        Assert.Equal([2, 1, 1, 1, 1], bins.Select(bin => bin.Backlog));
    }

    [Fact]
    public void Quiet_time_has_bins_too_and_levels_stay()
    {
        var timeline = new HandMade().Workers("w").Enqueued(0.5, 1).Ran(3.5, 3.6, 1, "w").Timeline();

        Assert.Equal([1, 1, 1, 0], timeline.Bins.Select(bin => bin.Backlog));
        Assert.Equal([0.5, 1.5, 2.5, 0], timeline.Bins.Select(bin => bin.OldestAge.TotalSeconds));
    }

    [Fact]
    public void An_outage_shows_in_the_latency_of_the_jobs_that_were_due_in_it()
    {
        var timeline = new HandMade().Intended(1.5, 1).Confirmed(4.5, 1).Ran(4.6, 5.5, 1, "w").Timeline();

        Assert.Equal(3, timeline.Bins[1].ToConfirm.Max.TotalSeconds);
        Assert.Equal(4, timeline.Bins[1].EndToEnd.Max.TotalSeconds);
        Assert.Equal(0, timeline.Bins[4].ToConfirm.Count);
    }

    [Fact]
    public void While_there_is_no_answer_jobs_wait_at_the_client()
    {
        var bins = new HandMade().Intended(0.5, 1).Intended(1.5, 2).Confirmed(2.5, 1).Confirmed(2.5, 2)
            .Timeline().Bins;

        Assert.Equal([1, 2, 0], bins.Select(bin => bin.Unanswered));
        Assert.Equal([0, 0, 2], bins.Select(bin => bin.Backlog));
    }

    [Fact]
    public void A_client_that_died_is_not_waited_for_for_ever()
    {
        var bins = new HandMade().Intended(0.5, 1).Enqueued(125, 2).Ran(125, 125.5, 2, "w").Timeline().Bins;

        Assert.Equal((1, 0), (bins[100].Unanswered, bins[^1].Unanswered));
    }

    [Fact]
    public void A_client_that_is_known_to_have_died_is_not_waited_for_at_all()
    {
        var timeline = new HandMade().Workers("producer-1.1", "worker-1.1").Intended(0.5, 1)
            .At(1.5, new HistoryEvent.WorkerKilled("producer-1.1")).Timeline();

        Assert.Equal([1, 0], timeline.Bins.Select(bin => bin.Unanswered));
    }

    [Fact]
    public void Producers_are_no_workers()
    {
        var timeline = new HandMade().Workers("producer-1.1", "worker-1.1")
            .At(1.5, new HistoryEvent.WorkerKilled("producer-1.1")).Timeline();

        Assert.Equal([1, 1], timeline.Bins.Select(bin => bin.WorkersAlive));
        Assert.Equal((1, 0), (timeline.WorkersStarted, timeline.WorkersKilled));
    }

    [Fact]
    public void A_job_sent_again_counts_from_the_first_time()
    {
        var timeline = new HandMade()
            .Intended(0, 1).At(2, new HistoryEvent.EnqueueUnknown(Job(1), "no answer"))
            .Intended(2, 1).Confirmed(3, 1)
            .Timeline();

        Assert.Equal(3, timeline.ToConfirm.Max.TotalSeconds);
        Assert.Equal(1, timeline.Bins.Sum(bin => bin.Intended));
    }

    [Fact]
    public void A_job_may_be_finished_before_its_confirm_arrives()
    {
        var timeline = new HandMade().Intended(0, 1).Ran(0.1, 0.2, 1, "w").Confirmed(0.3, 1).Timeline();

        Assert.Equal((1, 0, 0), (timeline.Bins[0].Confirmed, timeline.Bins[0].Backlog, timeline.Unfinished));
        Assert.Equal(0.2, timeline.EndToEnd.Max.TotalSeconds);
    }

    [Fact]
    public void A_job_finished_twice_has_one_latency_and_two_effects()
    {
        var timeline = new HandMade().Enqueued(0, 1).Ran(0.1, 0.2, 1, "w1").Ran(0.3, 0.9, 1, "w2").Timeline();

        Assert.Equal((2, 1), (timeline.Bins[0].Effects, timeline.EndToEnd.Count));
        Assert.Equal(0.2, timeline.EndToEnd.Max.TotalSeconds);
    }

    [Fact]
    public void A_job_that_never_finished_counts_with_its_age()
    {
        var timeline = new HandMade().Enqueued(1, 1).Enqueued(2, 2).Ran(2, 2.5, 2, "w")
            .At(9, new HistoryEvent.Drained(IsComplete: true)).Timeline();

        Assert.Equal((1, 2), (timeline.Unfinished, timeline.EndToEnd.Count));
        Assert.Equal(8, timeline.EndToEnd.Max.TotalSeconds);
        Assert.Equal(8, timeline.Bins[1].EndToEnd.Max.TotalSeconds);
    }

    [Fact]
    public void What_was_destroyed_or_is_a_dead_letter_has_left_the_backlog()
    {
        var timeline = new HandMade().Enqueued(0, 1).Enqueued(0, 2)
            .At(1.5, new HistoryEvent.Destroyed(Job(1), "a purge"))
            .At(2.5, new HistoryEvent.DeadLettered(Job(2), FailureReason.NotRetryable))
            .Timeline();

        Assert.Equal([2, 1, 0], timeline.Bins.Select(bin => bin.Backlog));
        Assert.Equal(0, timeline.Unfinished);
    }

    [Fact]
    public void What_was_destroyed_in_somebodys_hand_may_still_finish_once()
    {
        var recovery = new HandMade().Enqueued(0, 1).Injected(0.5, 1, "queue-purge", "jobs")
            .At(0.6, new HistoryEvent.Destroyed(Job(1), "a purge")).Ran(0.4, 0.9, 1, "w").OnlyFault();

        Assert.Equal(0, recovery.Duplicated);
    }

    [Fact]
    public void A_long_run_has_wider_bins_and_the_same_sums()
    {
        var history = new HandMade().Workers("w");
        for (var job = 0; job < 5000; job++)
        {
            history.Enqueued(job, job).Ran(job + 0.2, job + 0.5, job, "w");
        }

        var timeline = history.Timeline();

        Assert.Equal(8, timeline.BinWidth.TotalSeconds);
        Assert.InRange(timeline.Bins.Count, 600, 1200);
        Assert.Equal((5000, 5000), (timeline.Bins.Sum(bin => bin.Confirmed), timeline.Bins.Sum(bin => bin.Effects)));
        Assert.Equal(5000, timeline.Bins.Sum(bin => bin.EndToEnd.Count));
        Assert.All(timeline.Bins, bin => Assert.Equal(0.5, bin.EndToEnd.P50.TotalSeconds, 0.01));
        Assert.All(timeline.Bins, bin => Assert.Equal((8, 1), (bin.Intended, bin.WorkersAlive)));
    }

    [Fact]
    public void A_jump_of_days_still_has_few_bins()
    {
        var timeline = new HandMade().Enqueued(0, 1).Ran(300_000, 300_001, 1, "w").Timeline();

        Assert.InRange(timeline.Bins.Count, 500, 1200);
        Assert.Equal((1, 0), (timeline.Bins[^2].Backlog, timeline.Bins[^1].Backlog));
    }

    [Fact]
    public void Phases_and_lives_of_workers_are_told()
    {
        var timeline = new HandMade().Workers("w1", "w2").At(1, new HistoryEvent.PhaseBegan("load"))
            .At(2, new HistoryEvent.WorkerKilled("w1")).At(3, new HistoryEvent.WorkerStopped("w2", 0))
            .At(4, new HistoryEvent.PhaseBegan("drain")).Timeline();

        Assert.Equal(["load", "drain"], timeline.Phases.Select(phase => phase.Phase));
        Assert.Equal((2, 1, 1), (timeline.WorkersStarted, timeline.WorkersKilled, timeline.WorkersStopped));
    }

    [Fact]
    public void An_empty_history_has_an_empty_timeline()
    {
        var timeline = new HandMade().Timeline();

        Assert.Empty(timeline.Bins);
        Assert.Equal((TimeSpan.Zero, 0), (timeline.End, timeline.ToConfirm.Count));
    }

    [Fact]
    public void The_fold_forgets_what_is_confirmed_and_finished()
    {
        var jobs = new OpenJobs();
        Feed(jobs, 0, 60_000);

        Assert.Equal(1, jobs.Backlog);
        Assert.InRange(jobs.Remembered, 1, 2000);
    }

    /// <summary>The very first job never finishes: it must not keep those behind it.</summary>
    private static void Feed(OpenJobs jobs, int from, int to)
    {
        for (var job = from; job < to; job++)
        {
            var at = TimeSpan.FromMilliseconds(job);
            jobs.Add(new HistoryEntry(1, at, new HistoryEvent.EnqueueIntended(Job(job), 7)));
            jobs.Add(new HistoryEntry(1, at, new HistoryEvent.EnqueueConfirmed(Job(job))));
            if (job > 0)
            {
                jobs.Add(new HistoryEntry(1, at, new HistoryEvent.EffectDone(Job(job), Run("w", job))));
            }
        }
    }
}
