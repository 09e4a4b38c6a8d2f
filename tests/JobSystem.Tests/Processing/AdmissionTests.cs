using JobSystem.Handlers;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>Whether a delivery is run at all.</summary>
public sealed class AdmissionTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Job _job = new() { Id = new JobId("job"), Origin = JobOrigin.Ours };

    [Theory]
    [InlineData(0, false, 0, null)]
    [InlineData(1, true, 0, null)]
    [InlineData(2, true, 0, typeof(JobOutcome.Quarantined))]
    [InlineData(9, true, 0, typeof(JobOutcome.Quarantined))]
    [InlineData(null, false, 0, null)]
    [InlineData(null, true, 0, typeof(JobOutcome.LossNoted))]
    [InlineData(null, false, 1, null)]
    [InlineData(null, true, 1, typeof(JobOutcome.Quarantined))]
    public void The_first_loss_is_forgiven_and_the_next_isolates(
        int? losses, bool redelivered, int noted, Type? outcome) =>
        Assert.Equal(outcome, Decide(_job with { WorkerLosses = noted }, Lane.Work, losses, redelivered)?.GetType());

    [Theory]
    [InlineData(0, null)]
    [InlineData(2, null)]
    [InlineData(3, typeof(JobOutcome.WorkerLost))]
    [InlineData(4, typeof(JobOutcome.WorkerLost))]
    public void A_quarantined_job_that_took_enough_workers_down_is_given_up(int losses, Type? outcome) =>
        Assert.Equal(outcome, Decide(_job, Lane.Quarantine, losses, losses > 0)?.GetType());

    [Theory]
    [InlineData(-1, null)]
    [InlineData(400, null)]
    [InlineData(600, typeof(JobOutcome.NotDue))]
    public void A_job_waits_for_its_time(int dueInMs, Type? outcome) =>
        Assert.Equal(
            outcome, Decide(_job with { DueAt = _now.AddMilliseconds(dueInMs) }, Lane.Work, 0, false)?.GetType());

    [Fact]
    public void A_job_without_a_handler_is_of_an_unknown_type() => Assert.IsType<JobOutcome.UnknownType>(
        Admission.Decide(new Delivery(_job, 1, false, 0), Lane.Work, null, 3, _now));

    private static JobOutcome? Decide(Job job, Lane lane, int? losses, bool redelivered) => Admission.Decide(
        new Delivery(job, 1, redelivered, losses), lane,
        new HandlerBinding(null, Retry.None, TimeSpan.FromMinutes(1), (_, _) => Task.CompletedTask), 3, _now);
}
