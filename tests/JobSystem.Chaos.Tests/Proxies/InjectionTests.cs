using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Links;
using JobSystem.Chaos.Proxy.Toxics;
using Xunit;

namespace JobSystem.Chaos.Tests.Proxies;

/// <summary>What the proxy says itself: where, and what both sides make of it.</summary>
public sealed class InjectionTests
{
    private static readonly byte[] _goodbye = Wire.Close(1, 200, "Goodbye");
    private static readonly byte[] _closed = Wire.Close(1, 406, "chaos");

    [Fact]
    public async Task A_frame_of_ours_waits_for_the_end_of_the_message_on_its_channel()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        var blocked = AmqpBytes.ConnectionBlocked("full");

        await broker.SayAsync(Wire.DeliverMethod(1), Wire.Header(1, 10), Wire.Body(1, "12345"));
        await HearAsync(client, Wire.DeliverMethod(1), Wire.Header(1, 10), Wire.Body(1, "12345"));
        Assert.True(connection.ToClient.FrameGate.TryInject(1, Wire.CancelOk(1, "a")));
        Assert.True(connection.ToClient.FrameGate.TryInject(0, blocked));
        await HearAsync(client, blocked);
        await broker.SayAsync(Wire.Heartbeat, Wire.Body(1, "67890"), Wire.Ack(1, 1));

        await HearAsync(client, Wire.Heartbeat, Wire.Body(1, "67890"), Wire.CancelOk(1, "a"), Wire.Ack(1, 1));
    }

    [Fact]
    public async Task A_frame_of_ours_does_not_come_into_the_middle_of_another()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        var body = Wire.Body(2, "some text");

        await broker.SayAsync(body[..9]);
        await HearAsync(client, body[..9]);
        Assert.True(connection.ToClient.FrameGate.TryInject(0, AmqpBytes.ConnectionUnblocked()));
        await broker.SayAsync(body[9..]);

        await HearAsync(client, body[9..], AmqpBytes.ConnectionUnblocked());
    }

    [Fact]
    public async Task Nothing_is_said_on_a_channel_that_the_client_has_closed()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);

        await client.SayAsync(_goodbye);
        await HearAsync(broker, _goodbye);

        Assert.False(connection.ToBroker.FrameGate.TryInject(1, Wire.Ack(1, 1)));
        Assert.False(connection.ToBroker.FrameGate.TryInject(9, Wire.Ack(9, 1)));
    }

    [Fact]
    public async Task A_closed_channel_is_closed_for_both_and_can_be_opened_again()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        var closure = Begin(bench, connection);

        await HearAsync(broker, _goodbye);
        await client.SayAsync(Wire.Ack(1, 3), Wire.Publish(1, "too late"), Wire.Heartbeat);
        await HearAsync(broker, Wire.Heartbeat);
        await broker.SayAsync(Wire.Deliver(1, "x"), Wire.CloseOk(1));
        await HearAsync(client, Wire.Deliver(1, "x"), _closed);
        await client.SayAsync(Wire.CloseOk(1), Wire.Open(1), Wire.Ack(1, 1));
        await HearAsync(broker, Wire.Open(1), Wire.Ack(1, 1));
        await broker.SayAsync(Wire.OpenOk(1), Wire.Deliver(1, "y"));
        await HearAsync(client, Wire.OpenOk(1), Wire.Deliver(1, "y"));

        Assert.Equal(1, closure.Touched);
        Assert.Equal(2, bench.Proxy.Counters(Direction.ToClient).Total.Channels);
    }

    [Fact]
    public async Task A_client_that_closes_the_channel_first_gets_the_answer_of_the_broker()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        Begin(bench, connection);

        await client.SayAsync(_goodbye, Wire.Heartbeat);
        await HearAsync(broker, _goodbye, Wire.Heartbeat);
        await broker.SayAsync(Wire.CloseOk(1), Wire.Heartbeat);

        await HearAsync(client, Wire.CloseOk(1), Wire.Heartbeat);
    }

    [Fact]
    public async Task A_client_whose_close_crosses_ours_gets_an_answer()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        Begin(bench, connection);

        await broker.SayAsync(Wire.CloseOk(1));
        await HearAsync(client, _closed);
        await client.SayAsync(_goodbye, Wire.CloseOk(1), Wire.Open(1));

        await HearAsync(client, Wire.CloseOk(1));
        await HearAsync(broker, _goodbye, Wire.Open(1));
    }

    [Fact]
    public async Task A_broker_whose_close_crosses_ours_gets_an_answer()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        Begin(bench, connection);
        var own = Wire.Close(1, 404, "no queue");

        await broker.SayAsync(own, Wire.CloseOk(1), Wire.Heartbeat);
        await HearAsync(client, own, Wire.Heartbeat);
        await client.SayAsync(Wire.CloseOk(1), Wire.Open(1));

        await HearAsync(broker, _goodbye, Wire.CloseOk(1), Wire.Open(1));
    }

    [Fact]
    public async Task A_cancelled_consumer_gets_no_more_and_is_told_last()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await OpenAsync(bench);
        await broker.SayAsync(Wire.ConsumeOk(1, "tag"));
        await HearAsync(client, Wire.ConsumeOk(1, "tag"));
        Assert.Equal([((ushort)1, "tag")], connection.Book.Consumers);
        var cancellation = new ConsumerCancellation(connection, 1, "tag");
        bench.Proxy.Add(cancellation);

        Assert.True(cancellation.TryBegin());
        await HearAsync(broker, Wire.Cancel(1, "tag", noWait: false));
        await broker.SayAsync(Wire.Deliver(1, "x"), Wire.CancelOk(1, "other"), Wire.CancelOk(1, "tag"));

        await HearAsync(
            client, Wire.Deliver(1, "x"), Wire.CancelOk(1, "other"), Wire.Cancel(1, "tag", noWait: true));
        Assert.Equal(1, cancellation.Touched);
        Assert.Empty(connection.Book.Consumers);
    }

    private static ChannelClosure Begin(ProxyBench bench, ProxyConnection connection)
    {
        var closure = new ChannelClosure(connection, 1, 406, "chaos");
        bench.Proxy.Add(closure);
        Assert.True(closure.TryBegin());
        return closure;
    }

    /// <summary>A connection with channel 1 open.</summary>
    private static async Task<(Peer Client, Peer Broker, ProxyConnection Connection)> OpenAsync(ProxyBench bench)
    {
        var all = await bench.ConnectAsync();
        await all.Client.SayAsync(Wire.Protocol, Wire.Open(1));
        await HearAsync(all.Broker, Wire.Protocol, Wire.Open(1));
        await all.Broker.SayAsync(Wire.OpenOk(1));
        await HearAsync(all.Client, Wire.OpenOk(1));
        return all;
    }

    /// <summary>Exactly these.</summary>
    private static async Task HearAsync(Peer peer, params byte[][] frames)
    {
        byte[] expected = [.. frames.SelectMany(frame => frame)];
        var heard = await peer.HearAsync(expected.Length);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(heard));
        Assert.Equal(0, peer.Unread);
    }
}
