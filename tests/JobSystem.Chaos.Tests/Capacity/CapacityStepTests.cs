using JobSystem.Chaos.Load.Capacity;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Tests.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Capacity;

public sealed class CapacityStepTests
{
    private const int Rate = 20;
    private static readonly TimeSpan _length = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_system_that_keeps_up_has_kept_its_step()
    {
        var step = Step(secondsOfWork: 0.5, slots: 20);

        Assert.Empty(step.Reasons);
        Assert.InRange(step.Achieved, 0.9 * Rate, Rate);
        Assert.InRange(step.ByLittle, 0.9 * 0.5 * Rate, 1.1 * 0.5 * Rate);
        Assert.InRange(step.InSystem, 0.8 * 0.5 * Rate, 1.1 * 0.5 * Rate);
    }

    [Fact]
    public void A_backlog_that_grows_to_the_end_fails_it_though_no_limit_was_reached()
    {
        var step = Step(secondsOfWork: 0.5, slots: 7); // 14 a second

        Assert.StartsWith("backlog: grew by 6 jobs/s", step.Reasons[0], StringComparison.Ordinal);
        Assert.InRange(step.BacklogAtEnd, 55, 70);
    }

    [Fact]
    public void A_rate_that_the_clients_could_not_send_was_not_kept_though_no_backlog_grew()
    {
        var history = new HandMade().Workers("worker-1.1");
        for (var job = 0; job < Rate * 10; job++)
        {
            var (due, sent) = ((double)job / Rate, 2.0 * job / Rate); // half as fast as they were due
            history.Late(sent, job, sent - due).Confirmed(sent + 0.001, job)
                .Ran(sent + 0.002, sent + 0.05, job, "worker-1.1");
        }

        var report = history.At(21, new HistoryEvent.Drained(IsComplete: true)).Report();

        var step = CapacityStep.Of(1, Rate, _length, report, "folder");

        Assert.StartsWith(
            "rate: 10/s were finished during the load", Assert.Single(step.Reasons),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_was_not_kept_is_a_reason_in_words()
    {
        var missed = new ThresholdResult("finished.p99", "at most 2 s", "3 s over 200 jobs", false);
        var step = Step(secondsOfWork: 0.5, slots: 20, missed);

        Assert.Equal(["finished.p99: 3 s over 200 jobs (at most 2 s)"], step.Reasons);
        Assert.False(step.IsTheEnd);
    }

    [Fact]
    public void A_lost_job_ends_the_search()
    {
        var report = new HandMade().Enqueued(0.1, 1).At(1, new HistoryEvent.Drained(IsComplete: true)).Report();

        Assert.True(CapacityStep.Of(1, Rate, _length, report, "folder").IsTheEnd);
    }

    /// <summary>A queue before some slots, on paper.</summary>
    internal static CapacityStep Step(
        double secondsOfWork, int slots, ThresholdResult? threshold = null, int number = 1, int rate = Rate)
    {
        var history = new HandMade().Workers("worker-1.1");
        var free = Enumerable.Repeat(0.0, slots).ToArray();
        for (var job = 0; job < rate * _length.TotalSeconds; job++)
        {
            var (due, slot) = ((double)job / rate, Array.IndexOf(free, free.Min()));
            var begins = Math.Max(due + 0.001, free[slot]);
            free[slot] = begins + secondsOfWork;
            history.Enqueued(due, job).Ran(begins, free[slot], job, "worker-1.1");
        }

        var report = history.At(free.Max() + 1, new HistoryEvent.Drained(IsComplete: true)).Report() with
        {
            Thresholds = threshold is null ? [] : [threshold],
        };
        return CapacityStep.Of(number, rate, _length, report, $"/runs/step-{number:00}-at-{rate}");
    }
}
