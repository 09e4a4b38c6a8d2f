using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>
/// What every transport promises when its connections are lost, over and above
/// <see cref="TransportContract"/>, for transports whose broker can take a connection away.
/// </summary>
public abstract class ConnectionLossContract : TransportContract
{
    [Fact]
    public async Task A_lost_connection_tells_each_listener_once_and_last()
    {
        var listener = new ProbeConnection();
        var connection = await ConnectAsync(listener);
        var (consuming, consumer) = await ConsumeAsync(on: connection);
        var (publishing, publisher) = await OpenPublisherAsync(connection);

        await LoseConnectionsAsync();

        await listener.ClosedAsync();
        await consumer.ClosedAsync();
        await publisher.ClosedAsync();
        await consuming.DisposeAsync();
        await publishing.DisposeAsync();
        await connection.DisposeAsync();
        Assert.Equal(1, listener.Closed.Count);
        Assert.Equal(1, consumer.Closed.Count);
        Assert.Equal(1, publisher.Closed.Count);
    }

    [Fact]
    public async Task What_a_lost_connection_held_comes_again_and_is_marked()
    {
        await PublishAsync(NewJobs(2));
        var (_, consumer) = await ConsumeAsync();
        await consumer.NextAsync(2);

        await LoseConnectionsAsync();
        await consumer.ClosedAsync();

        var (_, other) = await ConsumeAsync(on: await ConnectAsync());
        var again = await other.NextAsync(2);
        Assert.Equal(["job 1", "job 2"], again.Select(TextOf));
        Assert.All(again, delivery => Assert.True(delivery.Redelivered));
        Assert.All(again, delivery => Assert.InRange(delivery.Losses ?? 1, 1, 1));
    }

    [Fact]
    public async Task A_settle_after_the_loss_settles_nothing_and_does_not_throw()
    {
        await PublishAsync(NewJob());
        var (lost, consumer) = await ConsumeAsync();
        await consumer.NextAsync();
        await LoseConnectionsAsync();
        await consumer.ClosedAsync();
        var (channel, other) = await ConsumeAsync(on: await ConnectAsync());
        await other.NextAsync();

        lost.Ack(1, multiple: true);
        lost.Requeue(1);
        await lost.CancelAsync();

        await channel.DisposeAsync();
        var (_, third) = await ConsumeAsync(on: await ConnectAsync());
        await third.NextAsync();
    }

    [Fact]
    public async Task A_publish_after_the_loss_is_neither_confirmed_nor_rejected()
    {
        var (channel, publisher) = await OpenPublisherAsync();
        await LoseConnectionsAsync();
        await publisher.ClosedAsync();

        channel.Publish(1, NewJob(), new Destination(Queue));

        await channel.DisposeAsync();
        Assert.Equal(1, publisher.Decisions.Count);
    }

    [Fact]
    public async Task Calls_on_a_lost_connection_fail_as_operating_errors()
    {
        var listener = new ProbeConnection();
        var connection = await ConnectAsync(listener);
        await LoseConnectionsAsync();
        await listener.ClosedAsync();

        await Assert.ThrowsAsync<TransportException>(() => connection.InspectAsync(Queue));
        await Assert.ThrowsAsync<TransportException>(() => OpenPublisherAsync(connection));
        await Assert.ThrowsAsync<TransportException>(() => connection.OpenPullAsync());
    }

    [Fact]
    public async Task Every_publish_is_confirmed_or_unknown_and_what_was_confirmed_is_there()
    {
        const int Count = 2000;
        var (channel, publisher) = await OpenPublisherAsync();
        for (var number = 1; number <= Count; number++)
        {
            channel.Publish((ulong)number, NewJob($"{number}"), new Destination(Queue));
        }

        await publisher.ConfirmedAsync(1);
        await LoseConnectionsAsync();
        await publisher.ClosedAsync();

        var (_, consumer) = await ConsumeAsync(prefetch: Count, on: await ConnectAsync());
        var confirmed = publisher.Confirmed.All;
        await consumer.Deliveries.UntilAsync(
            $"all {confirmed.Count} that were confirmed",
            seen => seen.Count >= confirmed.Count
                && !confirmed.Select(number => $"{number}").Except(seen.Select(TextOf)).Any());
    }

    /// <summary>
    /// Takes all connections of the transport away, as an operator or a broken network does.
    /// </summary>
    protected abstract Task LoseConnectionsAsync();
}
