using JobSystem.Testing.Probes;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>Delays are kept: not before the time, and not lost.</summary>
public abstract partial class TransportContract
{
    [Fact]
    public async Task A_job_delayed_by_a_second_comes_after_it_with_all_that_it_carried()
    {
        var headers = new Dictionary<string, object?> { ["a"] = 1L };
        var sent = NewJob() with { Type = "later", Epoch = 1, Headers = headers };
        var (_, consumer) = await ConsumeAsync();
        var published = TimeProvider.System.GetTimestamp();

        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromSeconds(1)), sent);

        AssertSame(sent, (await consumer.NextAsync()).Job);
        var waited = TimeProvider.System.GetElapsedTime(published);
        Assert.InRange(waited, TimeSpan.FromSeconds(0.9), Sightings<int>.Deadline);
    }

    [Fact]
    public async Task A_job_whose_delay_the_broker_has_held_is_due_whatever_a_clock_says()
    {
        var sent = NewJob() with { DueAt = TimeProvider.System.GetUtcNow().AddMinutes(10) };
        var (_, consumer) = await ConsumeAsync();

        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromSeconds(1)), sent);

        Assert.Equal(TimeSpan.Zero, (await consumer.NextAsync()).DelayLeft);
    }

    [Fact]
    public async Task A_delayed_job_is_kept_while_nobody_consumes()
    {
        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromSeconds(1)), NewJob("late"));

        var (_, consumer) = await ConsumeAsync();

        Assert.Equal("late", TextOf(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Delayed_jobs_hold_nothing_up()
    {
        var (_, consumer) = await ConsumeAsync();

        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromHours(2)), NewJob("hours"));
        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromSeconds(2)), NewJob("two seconds"));
        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromSeconds(1)), NewJob("one second"));
        await PublishAsync(NewJob("now"));

        Assert.Equal(["now", "one second", "two seconds"], (await consumer.NextAsync(3)).Select(TextOf));
    }

    [Theory]
    [InlineData(Lane.Quarantine)]
    [InlineData(Lane.Dead)]
    public async Task A_delayed_job_comes_into_the_lane_that_it_was_published_to(Lane lane)
    {
        await PublishAsync(new Destination(Queue, lane, TimeSpan.FromSeconds(1)), NewJob("late"));

        var (_, consumer) = await ConsumeAsync(lane: lane);

        Assert.Equal("late", TextOf(await consumer.NextAsync()));
    }

    [Fact]
    public async Task The_longest_delay_there_is_is_confirmed()
    {
        await PublishAsync(new Destination(Queue, Delay: TimeSpan.MaxValue), NewJob());
        await PublishAsync(new Destination(Queue, Delay: TimeSpan.FromDays(400)), NewJob());
    }
}
