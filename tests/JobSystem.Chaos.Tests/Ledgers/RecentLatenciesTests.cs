using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Ledgers;

/// <summary>Events come as files are read: in order within a file, in no order across them.</summary>
public sealed class RecentLatenciesTests
{
    private readonly RecentLatencies _recent = new();

    [Fact]
    public void Latencies_count_from_due()
    {
        Intended(12, 1, late: 2);
        Confirmed(13, 1);
        Finished(14, 1);

        var now = Look(14);
        Assert.Equal((1, 3), (now.Confirm.Count, now.Confirm.Max.TotalSeconds));
        Assert.Equal((1, 4), (now.Finish.Count, now.Finish.Max.TotalSeconds));
        Assert.Equal((1, 2, 10), (now.Sent, Look(12).Delay!.Value.TotalSeconds, now.LastDue!.Value.TotalSeconds));
    }

    [Fact]
    public void Work_that_is_read_before_its_enqueue_counts_when_that_comes()
    {
        Finished(11, 1);
        _recent.EndOfRound();
        Intended(10, 1);
        Confirmed(10.5, 1);
        _recent.EndOfRound();

        Assert.Equal(1, Look(12).Finish.Max.TotalSeconds);
        Assert.Equal(0, _recent.Remembered);
    }

    [Fact]
    public void A_job_finished_again_counts_once_and_is_forgotten()
    {
        Intended(10, 1);
        Confirmed(10, 1);
        Finished(11, 1);
        Finished(12, 1);
        _recent.EndOfRound();
        _recent.EndOfRound();

        Assert.Equal((1, 0), (Look(12).Finish.Count, _recent.Remembered));
    }

    [Fact]
    public void An_answer_that_nobody_had_counts_with_its_age_and_the_work_still_may()
    {
        Intended(10, 1);
        Add(12, new HistoryEvent.EnqueueUnknown(Job(1), "no answer"));
        Finished(13, 1);

        Assert.Equal((2, 3), (Look(13).Confirm.Max.TotalSeconds, Look(13).Finish.Max.TotalSeconds));
    }

    [Fact]
    public void What_was_rejected_is_followed_no_longer()
    {
        Intended(10, 1);
        Add(11, new HistoryEvent.EnqueueRejected(Job(1), "nacked"));

        Assert.Equal((0, 0), (Look(11).Confirm.Count, _recent.Remembered));
    }

    [Fact]
    public void When_nothing_was_sent_for_a_while_there_is_no_delay()
    {
        Intended(10, 1, late: 0.5);

        Assert.Equal(0.5, Look(11).Delay!.Value.TotalSeconds);
        Assert.Null(Look(12).Delay);
    }

    [Fact]
    public void However_many_jobs_are_under_way_memory_is_bounded_and_percentiles_are_those_of_all()
    {
        const int jobs = 300_000;
        for (var job = 0; job < jobs; job++)
        {
            Intended(10, job);
        }

        Assert.InRange(_recent.Remembered, RecentLatencies.MaxJobs / 4, RecentLatencies.MaxJobs);
        for (var job = 0; job < jobs; job++)
        {
            Confirmed(10 + (job * 4.0 / jobs), job);
            Finished(10 + (job * 4.0 / jobs), job);
        }

        Assert.Equal(jobs, Look(14).Sent);
        Assert.Equal(2, Look(14).Confirm.ValueAt(50).TotalSeconds, 0.1);
        Assert.Equal(3.96, Look(14).Finish.ValueAt(99).TotalSeconds, 0.1);
        Assert.Equal(0, _recent.Remembered);
    }

    private RecentFigures Look(double now) => _recent.Look(TimeSpan.FromSeconds(now));

    private void Intended(double at, int job, double late = 0) =>
        Add(at, new HistoryEvent.EnqueueIntended(Job(job), 7, Late: TimeSpan.FromSeconds(late)));

    private void Confirmed(double at, int job) => Add(at, new HistoryEvent.EnqueueConfirmed(Job(job)));

    private void Finished(double at, int job) => Add(at, new HistoryEvent.EffectDone(Job(job), Run("w", job)));

    private void Add(double at, HistoryEvent happened) =>
        _recent.Add(new HistoryEntry(1, TimeSpan.FromSeconds(at), happened));
}
