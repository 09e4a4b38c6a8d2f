using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;
using Xunit.Sdk;

namespace JobSystem.Testing.Contracts;

/// <summary>What is asked and ordered about queues and connections.</summary>
public abstract partial class TransportContract
{
    [Fact]
    public async Task Declaring_a_queue_makes_all_its_lanes()
    {
        await Connection.DeclareAsync(new QueueDeclaration(Queue));

        foreach (var name in Enum.GetValues<Lane>().Select(lane => Lanes.NameOf(Queue, lane)))
        {
            Assert.Equal(name, (await Connection.InspectAsync(name))?.Name);
        }
    }

    [Fact]
    public async Task A_list_where_there_is_one_has_every_lane_that_was_declared()
    {
        await Connection.DeclareAsync(new QueueDeclaration(Queue));

        var listed = await Connection.ListAsync();
        if (listed is not null)
        {
            var names = listed.Select(each => each.Name).ToList();
            Assert.All(Enum.GetValues<Lane>(), lane => Assert.Single(names, Lanes.NameOf(Queue, lane)));
        }
    }

    [Fact]
    public async Task A_queue_may_be_declared_again()
    {
        await Connection.DeclareAsync(new QueueDeclaration(Queue));
        await PublishAsync(NewJob("kept"));

        await Connection.DeclareAsync(new QueueDeclaration(Queue));

        var (_, consumer) = await ConsumeAsync();
        Assert.Equal("kept", TextOf(await consumer.NextAsync()));
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_neither_inspected_nor_deleted_nor_purged()
    {
        Assert.Null(await Connection.InspectAsync(Queue));
        Assert.Null(await Connection.DeleteAsync(Queue));
        Assert.Null(await Connection.PurgeAsync(Queue));
        Assert.Null(await Connection.InspectAsync(Queue));
    }

    [Fact]
    public async Task Inspecting_tells_what_waits_and_who_consumes()
    {
        await PublishAsync(NewJobs(3));
        await EventuallyAsync(
            "3 ready", async () => await Connection.InspectAsync(Queue) is { Ready: 3, Consumers: 0 });

        var (channel, consumer) = await ConsumeAsync(prefetch: 2);
        await consumer.NextAsync(2);

        Assert.Equal(Queue, channel.Queue.Name);
        await EventuallyAsync(
            "1 ready", async () => await Connection.InspectAsync(Queue) is { Ready: 1, Consumers: 1 });
    }

    [Fact]
    public async Task Deleting_a_queue_drops_it_with_its_jobs()
    {
        await PublishAsync(NewJobs(2));

        Assert.NotNull(await Connection.DeleteAsync(Queue));

        Assert.Null(await Connection.InspectAsync(Queue));
        var (_, consumer) = await ConsumeAsync();
        await PublishAsync(NewJob("new"));
        Assert.Equal("new", TextOf(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Purging_a_queue_drops_what_is_ready_only()
    {
        await PublishAsync(NewJobs(4));
        var (channel, consumer) = await ConsumeAsync(prefetch: 1);
        await consumer.NextAsync();

        Assert.Equal(3, await Connection.PurgeAsync(Queue));

        channel.Requeue(1);
        Assert.Equal("job 1", TextOf(await consumer.NextAsync()));
        channel.Ack(2, multiple: false);
        await PublishAsync(NewJob("new"));
        Assert.Equal("new", TextOf(await consumer.NextAsync()));
    }

    [Fact]
    public async Task What_a_disposed_connection_held_goes_back()
    {
        await PublishAsync(NewJobs(2));
        var listener = new ProbeConnection();
        var connection = await ConnectAsync(listener);
        var (channel, consumer) = await ConsumeAsync(on: connection);
        await consumer.NextAsync(2);

        channel.Ack(1, multiple: false);
        await connection.DisposeAsync();

        var (_, other) = await ConsumeAsync();
        Assert.Equal("job 2", TextOf(await other.NextAsync()));
        Assert.Empty(listener.Closed.All);
    }

    [Fact]
    public async Task A_disposed_connection_takes_no_calls_and_may_be_disposed_of_again()
    {
        var connection = await ConnectAsync();
        var (publishing, publisher) = await OpenPublisherAsync(connection);
        await connection.DisposeAsync();
        await connection.DisposeAsync();

        publishing.Publish(1, NewJob(), new Destination(Queue));
        await publishing.DisposeAsync();

        await Assert.ThrowsAsync<TransportException>(() => connection.InspectAsync(Queue));
        await Assert.ThrowsAsync<TransportException>(() => OpenPublisherAsync(connection));
        await Assert.ThrowsAsync<TransportException>(
            () => connection.ConsumeAsync(new ConsumerSettings(Queue, Lane.Work, 1), new ProbeConsumer()));
        Assert.Empty(publisher.Confirmed.All);
    }

    /// <summary>
    /// Asks a broker again until the answer is as expected: for figures that a broker may tell late. Each
    /// question is a round trip, so nothing sleeps here.
    /// </summary>
    private protected static async Task EventuallyAsync(string expected, Func<Task<bool>> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Sightings<int>.Deadline)
            {
                throw new XunitException(
                    $"Awaited {expected} for {Sightings<int>.Deadline}, but it was never so.");
            }
        }
    }
}
