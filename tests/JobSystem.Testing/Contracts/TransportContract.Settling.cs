using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>What became of a delivery is known to the broker, and to nobody else's delivery.</summary>
public abstract partial class TransportContract
{
    [Fact]
    public async Task An_acked_job_never_comes_again()
    {
        await PublishAsync(NewJobs(3));
        var (channel, consumer) = await ConsumeAsync();
        await consumer.NextAsync(3);

        channel.Ack(2, multiple: false);
        await channel.DisposeAsync();

        var (_, other) = await ConsumeAsync();
        Assert.Equal(["job 1", "job 3"], (await other.NextAsync(2)).Select(TextOf));
    }

    [Fact]
    public async Task Multiple_acks_all_up_to_the_tag()
    {
        await PublishAsync(NewJobs(5));
        var (channel, consumer) = await ConsumeAsync();
        await consumer.NextAsync(5);

        channel.Ack(2, multiple: false);
        channel.Ack(4, multiple: true);
        await channel.DisposeAsync();

        var (_, other) = await ConsumeAsync();
        Assert.Equal("job 5", TextOf(await other.NextAsync()));
        Assert.Equal(1, other.Deliveries.Count);
    }

    [Fact]
    public async Task Settles_may_come_in_any_order()
    {
        await PublishAsync(NewJobs(4));
        var (channel, consumer) = await ConsumeAsync(prefetch: 4);
        await consumer.NextAsync(4);

        channel.Ack(4, multiple: false);
        channel.Ack(1, multiple: false);
        channel.Requeue(3);
        channel.Ack(2, multiple: false);

        var again = await consumer.NextAsync();
        Assert.Equal("job 3", TextOf(again));
        Assert.Equal(5ul, again.Tag);
        channel.Ack(5, multiple: false);
        await PublishAsync(NewJob("job 5"));
        Assert.Equal("job 5", TextOf(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Acks_that_were_sent_right_before_the_channel_was_disposed_of_arrive()
    {
        await PublishAsync(NewJobs(100));
        var (channel, consumer) = await ConsumeAsync();
        await consumer.NextAsync(100);

        for (ulong tag = 1; tag <= 99; tag++)
        {
            channel.Ack(tag, multiple: false);
        }

        await channel.DisposeAsync();

        var (_, other) = await ConsumeAsync();
        Assert.Equal("job 100", TextOf(await other.NextAsync()));
    }

    [Fact]
    public async Task Unsettled_jobs_go_back_when_the_channel_is_disposed_of_and_are_marked()
    {
        await PublishAsync(NewJobs(3));
        var (channel, consumer) = await ConsumeAsync();
        await consumer.NextAsync(3);

        await channel.DisposeAsync();

        var (_, other) = await ConsumeAsync();
        var again = await other.NextAsync(3);
        Assert.Equal(["job 1", "job 2", "job 3"], again.Select(TextOf));
        Assert.All(again, delivery => Assert.True(delivery.Redelivered));
        Assert.All(again, delivery => Assert.InRange(delivery.Losses ?? 1, 1, 1));
    }

    [Fact]
    public async Task Losses_grow_with_each_loss()
    {
        await PublishAsync(NewJob());
        for (var losses = 0; losses <= 3; losses++)
        {
            var (channel, consumer) = await ConsumeAsync();
            var delivery = await consumer.NextAsync($"the job after {losses} losses");
            Assert.Equal(losses, delivery.Losses ?? losses);
            Assert.Equal(losses > 0, delivery.Redelivered);
            await channel.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_requeued_job_comes_again_marked_but_without_blame()
    {
        await PublishAsync(NewJob());
        var (channel, consumer) = await ConsumeAsync(prefetch: 1);

        channel.Requeue((await consumer.NextAsync()).Tag);

        var again = await consumer.NextAsync();
        Assert.True(again.Redelivered);
        if (RequeuesWithoutBlame)
        {
            Assert.Equal(0, again.Losses ?? 0);
        }
    }

    [Fact]
    public async Task A_job_that_came_back_is_delivered_before_younger_ones()
    {
        await PublishAsync(NewJobs(3));
        var (channel, consumer) = await ConsumeAsync(prefetch: 1);
        await consumer.NextAsync();
        await channel.DisposeAsync();

        var (_, other) = await ConsumeAsync();

        Assert.Equal(["job 1", "job 2", "job 3"], (await other.NextAsync(3)).Select(TextOf));
    }

    [Fact]
    public async Task A_settle_that_comes_too_late_settles_nothing_and_does_not_throw()
    {
        await PublishAsync(NewJob());
        var (gone, first) = await ConsumeAsync();
        var tag = (await first.NextAsync()).Tag;
        await gone.DisposeAsync();
        var (channel, second) = await ConsumeAsync();
        Assert.Equal(tag, (await second.NextAsync()).Tag);

        gone.Ack(tag, multiple: false);
        gone.Ack(tag, multiple: true);
        gone.Requeue(tag);

        await RoundTripOnAnotherQueueAsync();
        Assert.Equal(1, second.Deliveries.Count);
        await channel.DisposeAsync();
        var (_, third) = await ConsumeAsync();
        Assert.True((await third.NextAsync()).Redelivered);
    }
}
