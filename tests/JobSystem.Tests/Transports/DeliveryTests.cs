using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Transports;

public sealed class DeliveryTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(600, 0.0, 0)]
    [InlineData(-600, 0.0, -600)]
    [InlineData(600, 3.5, 3.5)]
    [InlineData(-600, 3.5, 3.5)]
    [InlineData(600, null, 600)]
    public void What_the_broker_knows_of_a_delay_goes_before_the_clock(double dueIn, double? left, double comes)
    {
        var job = new Job { Id = new JobId("job"), Origin = JobOrigin.Ours, DueAt = _now.AddSeconds(dueIn) };
        var delivery = new Delivery(job, 1, false, 0)
        {
            DelayLeft = left is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

        Assert.Equal(_now.AddSeconds(comes), delivery.OnOurClock(_now).Job.DueAt);
    }

    [Fact]
    public void A_delivery_that_waits_for_a_slot_does_not_begin_its_delay_anew()
    {
        var job = new Job { Id = new JobId("job"), Origin = JobOrigin.Ours, DueAt = _now };
        var first = new Delivery(job, 1, false, 0) { DelayLeft = TimeSpan.FromSeconds(3) }.OnOurClock(_now);

        Assert.Equal(_now.AddSeconds(3), first.OnOurClock(_now.AddSeconds(2)).Job.DueAt);
    }
}
