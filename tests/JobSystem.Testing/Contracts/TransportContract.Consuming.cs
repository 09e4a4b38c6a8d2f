using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>How deliveries come, and how they stop.</summary>
public abstract partial class TransportContract
{
    [Fact]
    public async Task Jobs_come_in_the_order_of_their_publishes()
    {
        await PublishAsync(NewJobs(200));
        var (_, consumer) = await ConsumeAsync(prefetch: 200);

        var deliveries = await consumer.NextAsync(200);

        Assert.Equal(Enumerable.Range(1, 200).Select(number => $"job {number}"), deliveries.Select(TextOf));
        Assert.Equal(Enumerable.Range(1, 200).Select(tag => (ulong)tag), deliveries.Select(each => each.Tag));
    }

    [Fact]
    public async Task A_first_delivery_is_not_marked()
    {
        await PublishAsync(NewJob());
        var (_, consumer) = await ConsumeAsync();

        var delivery = await consumer.NextAsync();

        Assert.False(delivery.Redelivered);
        Assert.Equal(0, delivery.Losses ?? 0);
    }

    [Fact]
    public async Task No_more_than_the_prefetch_is_delivered_unsettled()
    {
        await PublishAsync(NewJobs(10));
        var (channel, consumer) = await ConsumeAsync(prefetch: 3);

        for (ulong tag = 1; tag <= 7; tag++)
        {
            await consumer.Deliveries.CountAsync((int)tag + 2, "as many as the prefetch allows");
            await RoundTripOnAnotherQueueAsync();
            Assert.Equal((int)tag + 2, consumer.Deliveries.Count);
            channel.Ack(tag, multiple: false);
        }

        await consumer.Deliveries.CountAsync(10, "the rest");
    }

    [Fact]
    public async Task Two_consumers_share_a_queue()
    {
        var (_, first) = await ConsumeAsync(prefetch: 1);
        var (_, second) = await ConsumeAsync(prefetch: 1, on: await ConnectAsync());
        await PublishAsync(NewJobs(2));

        var texts = new[] { TextOf(await first.NextAsync()), TextOf(await second.NextAsync()) };

        Assert.Equal(["job 1", "job 2"], texts.Order());
    }

    [Fact]
    public async Task A_job_may_be_settled_from_inside_its_delivery()
    {
        IConsumerChannel? channel = null;
        var probe = new ProbeConsumer { Inside = delivery => channel!.Ack(delivery.Tag, multiple: false) };
        (channel, _) = await ConsumeAsync(prefetch: 1, probe: probe);

        await PublishAsync(NewJobs(20));

        Assert.Equal("job 20", TextOf((await probe.NextAsync(20))[19]));
    }

    [Fact]
    public async Task After_a_cancel_nothing_is_delivered_but_settles_still_work()
    {
        await PublishAsync(NewJobs(2));
        var (channel, consumer) = await ConsumeAsync();
        await consumer.NextAsync(2);

        await channel.CancelAsync();
        channel.Ack(1, multiple: false);
        channel.Requeue(2);
        await PublishAsync(NewJob("job 3"));

        var (_, other) = await ConsumeAsync();
        Assert.Equal(["job 2", "job 3"], (await other.NextAsync(2)).Select(TextOf).Order());
        Assert.Equal(2, consumer.Deliveries.Count);
        Assert.Empty(consumer.Closed.All);
    }

    [Fact]
    public async Task What_was_unsettled_at_a_cancel_goes_back_when_the_channel_is_disposed_of()
    {
        await PublishAsync(NewJob("job 1"));
        var (channel, consumer) = await ConsumeAsync();
        await consumer.NextAsync();

        await channel.CancelAsync();
        await channel.DisposeAsync();

        var (_, other) = await ConsumeAsync();
        Assert.Equal("job 1", TextOf(await other.NextAsync()));
    }

    [Fact]
    public async Task A_queue_that_is_deleted_tells_its_consumer_that_it_was_cancelled()
    {
        var (channel, consumer) = await ConsumeAsync();
        await PublishAsync(NewJob());
        await consumer.NextAsync();

        await (await ConnectAsync()).DeleteAsync(Queue);

        Assert.Equal(TransportFailureKind.Cancelled, (await consumer.ClosedAsync()).Kind);
        channel.Ack(1, multiple: false);
        await channel.CancelAsync();
        await channel.DisposeAsync();
        Assert.Equal(1, consumer.Closed.Count);
    }

    [Fact]
    public async Task A_channel_that_its_owner_disposes_of_tells_nothing()
    {
        var (consuming, consumer) = await ConsumeAsync();
        var (publishing, publisher) = await OpenPublisherAsync();

        await consuming.DisposeAsync();
        await publishing.DisposeAsync();
        await consuming.DisposeAsync();
        await PublishAsync(NewJob());

        Assert.Empty(consumer.Closed.All);
        Assert.Empty(consumer.Deliveries.All);
        Assert.Empty(publisher.Decisions.All);
    }

    /// <summary>Time enough for a broker to do what it must not, without sleeping.</summary>
    private async Task RoundTripOnAnotherQueueAsync()
    {
        var other = NewQueue();
        await PublishAsync(new Destination(other), NewJob());
        var probe = new ProbeConsumer("another queue's consumer");
        var settings = new ConsumerSettings(other, Lane.Work, 1);
        await using var channel = await Connection.ConsumeAsync(settings, probe);
        channel.Ack((await probe.NextAsync()).Tag, multiple: false);
    }
}
