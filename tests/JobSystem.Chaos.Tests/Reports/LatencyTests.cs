using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Measuring;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>What is counted from when, and what counts although it was never measured.</summary>
public sealed class LatencyTests
{
    [Fact]
    public void A_late_job_has_a_delay_and_is_slower_from_due_than_from_sent()
    {
        var timeline = new HandMade().Late(5, 1, 3).Confirmed(5.5, 1).Ran(6, 7, 1, "w").Timeline();

        Assert.Equal(3, timeline.Delay.Max.TotalSeconds);
        Assert.Equal((3.5, 0.5), (Max(timeline.ToConfirm), Max(timeline.SentToConfirm)));
        Assert.Equal((5, 2), (Max(timeline.EndToEnd), Max(timeline.SentToEnd)));
        Assert.Equal(1, timeline.Bins[2].Intended);
    }

    [Fact]
    public void A_missed_job_counts_in_both_latencies_from_due_and_in_none_from_sent()
    {
        var timeline = new HandMade().Enqueued(1, 1).Ran(1, 1.5, 1, "w")
            .At(9, new HistoryEvent.EnqueuesMissed(4, Seconds(8), Seconds(4))).Timeline();

        Assert.Equal((4, 5, 5), (timeline.Missed, timeline.ToConfirm.Count, timeline.EndToEnd.Count));
        Assert.Equal((1, 1, 1), (timeline.SentToConfirm.Count, timeline.SentToEnd.Count, timeline.Delay.Count));
        Assert.InRange(Max(timeline.ToConfirm), 7, 8);
        var rates = timeline.Rates;
        Assert.Equal((5, 1.0, 5.0), (rates.Due, rates.From.TotalSeconds, rates.To.TotalSeconds));
    }

    [Fact]
    public void An_enqueue_that_was_never_answered_counts_with_its_age()
    {
        var timeline = new HandMade().Late(2, 1, 1).At(5, new HistoryEvent.EnqueueUnknown(Job(1), "none")).Timeline();

        Assert.Equal((1, 4, 3), (timeline.Unanswered, Max(timeline.ToConfirm), Max(timeline.SentToConfirm)));
    }

    [Fact]
    public void Offered_and_achieved_are_of_the_same_time()
    {
        var history = new HandMade();
        for (var job = 0; job <= 100; job++)
        {
            history.Enqueued(10 + (job * 0.1), job).Ran(10 + (job * 0.2), 10.05 + (job * 0.2), job, "w");
        }

        var rates = history.Timeline().Rates;
        Assert.Equal(10, rates.OfferedPerSecond!.Value, 1e-6);
        Assert.Equal(10, rates.ConfirmedPerSecond!.Value, 0.2);
        Assert.Equal(5, rates.FinishedPerSecond!.Value, 0.2);
        Assert.Equal(10.05, rates.Tail.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Who_sends_late_has_achieved_nothing_before()
    {
        var history = new HandMade();
        for (var job = 0; job <= 10; job++)
        {
            history.Late(50 + (job * 0.001), job, 40 - job).Confirmed(51, job);
        }

        var rates = history.Timeline().Rates;
        Assert.Equal((1, 0), (rates.OfferedPerSecond!.Value, rates.ConfirmedPerSecond!.Value), Near);
    }

    [Fact]
    public void Jobs_of_one_moment_have_no_rate()
    {
        var rates = new HandMade().Enqueued(1, 1).Enqueued(1, 2).Timeline().Rates;

        Assert.Null(rates.OfferedPerSecond);
        Assert.Equal("2 jobs were due at one moment.", LatencyText.Rates(rates));
        Assert.Null(LatencyText.Rates(new HandMade().Timeline().Rates));
    }

    [Fact]
    public void Each_kind_of_jobs_has_its_own_latencies()
    {
        var history = new HandMade();
        for (var job = 0; job < 200; job++)
        {
            var takes = JobDraw.Of(Job(job), Samples.Mixed).Class == 0 ? 0.1 : 0.7;
            history.Intended(job, job).Confirmed(job + (takes / 2), job).Ran(job, job + takes, job, "w");
        }

        var kinds = RunFold.Of(history.Enqueued(300, 999).Entries, Samples.Mixed).ToTimeline().Kinds;

        Assert.Equal(["short", "long"], kinds.Select(kind => kind.Kind.Name));
        Assert.Equal(201, kinds.Sum(kind => kind.ToConfirm.Count));
        Assert.Equal(201, kinds.Sum(kind => kind.EndToEnd.Count));
        Assert.Equal((0.1, 0.7), (Max(kinds[0].EndToEnd), Max(kinds[1].EndToEnd)));
        Assert.Equal((0.05, 0.35), (Max(kinds[0].ToConfirm), Max(kinds[1].ToConfirm)));
    }

    [Fact]
    public void One_kind_alone_is_not_told_apart() =>
        Assert.Empty(RunFold.Of(new HandMade().Enqueued(1, 1).Entries, new WorkloadPlan()).ToTimeline().Kinds);

    [Fact]
    public void What_was_not_measured_is_told_with_what_it_does_to_the_figures()
    {
        var timeline = new HandMade().Enqueued(1, 1)
            .Intended(1, 2).At(2, new HistoryEvent.EnqueueUnknown(Job(2), "none"))
            .At(9, new HistoryEvent.EnqueuesMissed(2, Seconds(2), Seconds(1))).Timeline();

        var remarks = LatencyText.Remarks(timeline).ToList();
        Assert.Equal(3, remarks.Count);
        Assert.StartsWith("2 jobs were due and never sent", remarks[0]);
        Assert.StartsWith("1 enqueue was given up on without an answer", remarks[1]);
        Assert.StartsWith("1 job had not finished at the end", remarks[2]);
    }

    [Fact]
    public void A_stall_that_hides_from_who_counts_from_the_send_is_told()
    {
        var history = new HandMade();
        for (var job = 0; job < 100; job++)
        {
            history.Late(20, job, 10).Confirmed(20.02, job);
        }

        Assert.Equal(
            "At p50 a user waited 10 s for the confirm; counted from the send it would have been 20 ms.",
            LatencyText.Contrast(history.Timeline()));
        Assert.Null(LatencyText.Contrast(new HandMade().Enqueued(0, 1).Timeline()));
    }

    private static bool Near((double, double) one, (double, double) other) =>
        Math.Abs(one.Item1 - other.Item1) < 0.11 && Math.Abs(one.Item2 - other.Item2) < 0.11;

    private static double Max(Histogram histogram) => histogram.Max.TotalSeconds;

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
