using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Toxics;
using Xunit;

namespace JobSystem.Chaos.Tests.Proxies;

/// <summary>What arrives under each toxic, in which order, and what is not lost when it is gone.</summary>
public sealed class ToxicsTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Latency_makes_bytes_late_in_their_direction_only_and_keeps_their_order()
    {
        using var clock = new ArmedTime();
        await using var bench = new ProxyBench(clock: clock);
        var (client, broker, _) = await bench.ConnectAsync();
        var latency = new Latency(Direction.ToBroker, _second, TimeSpan.Zero);
        bench.Proxy.Add(latency);

        await client.SayAsync(Wire.Protocol);
        await clock.ArmedAsync();
        await broker.SayAsync(Wire.Heartbeat);
        Assert.Equal(Wire.Heartbeat, await client.HearAsync(Wire.Heartbeat.Length));
        clock.Advance(_second * 0.9);
        Assert.Equal(0, broker.Unread);
        await client.SayAsync(Wire.Heartbeat);
        clock.Advance(_second * 0.1);

        Assert.Equal(Wire.Protocol, await broker.HearAsync(Wire.Protocol.Length));
        await clock.ArmedAsync();
        clock.Advance(_second);
        Assert.Equal(Wire.Heartbeat, await broker.HearAsync(Wire.Heartbeat.Length));
        Assert.Equal(Wire.Protocol.Length + Wire.Heartbeat.Length, latency.Touched);
    }

    [Fact]
    public async Task What_latency_holds_comes_at_once_when_it_is_gone()
    {
        using var clock = new ArmedTime();
        await using var bench = new ProxyBench(clock: clock);
        var (client, broker, _) = await bench.ConnectAsync();
        var latency = new Latency(Direction.Both, TimeSpan.FromDays(1), TimeSpan.Zero);
        bench.Proxy.Add(latency);
        await client.SayAsync(Wire.Protocol);
        await clock.ArmedAsync();

        bench.Proxy.Remove(latency);

        Assert.Equal(Wire.Protocol, await broker.HearAsync(Wire.Protocol.Length));
    }

    [Fact]
    public void Jitter_is_drawn_from_the_seed()
    {
        var latency = new Latency(Direction.Both, _second, _second);

        var delays = Draws(7);

        Assert.Equal(delays, Draws(7));
        Assert.NotEqual(delays, Draws(8));
        Assert.All(delays, delay => Assert.InRange(delay, _second, _second * 2));

        List<TimeSpan> Draws(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, 20).Select(_ => latency.Delay(random, 1))];
        }
    }

    [Fact]
    public async Task Bandwidth_lets_its_share_through_and_keeps_the_rest_for_later()
    {
        using var clock = new ArmedTime();
        await using var bench = new ProxyBench(clock: clock);
        var (client, broker, _) = await bench.ConnectAsync();
        bench.Proxy.Add(new Bandwidth(Direction.ToBroker, bytesPerSecond: 5000));
        var said = Wire.Frame(3, 1, [.. Enumerable.Range(0, 292).Select(each => (byte)each)]);
        await client.SayAsync(said);

        await clock.ArmedAsync();
        Assert.Equal(said[..100], await broker.HearAsync(100));
        clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.Equal(0, broker.Unread);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await clock.ArmedAsync();
        Assert.Equal(said[100..200], await broker.HearAsync(100));
        clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(said[200..], await broker.HearAsync(100));
    }

    [Fact]
    public async Task A_stall_keeps_every_byte_and_the_end_of_the_connection_for_later()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var stall = new Stall(Direction.ToBroker);
        bench.Proxy.Add(stall);
        byte[] said = [.. Wire.Protocol, .. Wire.Publish(1, new string('x', 100_000)), .. Wire.Heartbeat];

        await client.SayAsync(said);
        client.HangUp();
        await stall.Took.WaitAsync(ProxyBench.Patience);
        await broker.SayAsync(Wire.Heartbeat);
        Assert.Equal(Wire.Heartbeat, await client.HearAsync(Wire.Heartbeat.Length));
        Assert.Equal(0, broker.Unread);
        bench.Proxy.Remove(stall);

        var (bytes, isReset) = await broker.HearAllAsync();
        Assert.Equal(said, bytes);
        Assert.False(isReset);
    }

    [Fact]
    public async Task A_client_that_gives_up_in_a_stall_is_not_missed_by_the_broker_before_it_is_over()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await bench.ConnectAsync();
        var stall = new Stall(Direction.ToBroker);
        bench.Proxy.Add(stall);
        await client.SayAsync(Wire.Protocol);
        await stall.Took.WaitAsync(ProxyBench.Patience);
        client.Reset();

        await broker.SayAsync(Wire.Heartbeat);
        await connection.ToClient.PacedWriter.Done.WaitAsync(ProxyBench.Patience);
        Assert.Equal(0, broker.Unread);
        Assert.False(connection.Ended.IsCancellationRequested);
        bench.Proxy.Remove(stall);

        var (bytes, isReset) = await broker.HearAllAsync();
        Assert.Equal(Wire.Protocol, bytes);
        Assert.True(isReset);
    }

    [Fact]
    public async Task Slices_arrive_in_crumbs_and_whole()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var slices = new Slices(Direction.Both, largest: 8);
        bench.Proxy.Add(slices);
        byte[] said = [.. Wire.Protocol, .. Wire.Publish(1, new string('x', 2000))];

        await client.SayAsync(said);

        Assert.Equal(said, await broker.HearAsync(said.Length));
        Assert.InRange(slices.Touched, said.Length / 8, said.Length);
    }

    [Fact]
    public async Task A_cut_ends_the_connection_in_the_middle_of_the_next_frame_of_its_kind()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var cut = new FrameCut(Direction.ToClient, FrameKind.Deliver);
        bench.Proxy.Add(cut);
        var (ack, deliver) = (Wire.Ack(1, 1), Wire.Deliver(1, "a job"));

        await broker.SayAsync(Wire.Heartbeat, ack, deliver, Wire.Heartbeat);

        var (bytes, isReset) = await client.HearAllAsync();
        Assert.Equal([.. Wire.Heartbeat, .. ack, .. deliver[..(int)cut.Cut.Kept]], bytes);
        Assert.True(isReset);
        Assert.InRange(cut.Cut.Kept, 1, cut.Cut.Length - 1);
        Assert.Equal(Wire.DeliverMethod(1).Length, cut.Cut.Length);
        Assert.True((await broker.HearAllAsync()).IsReset);
    }

    [Fact]
    public async Task A_long_body_is_cut_where_the_seed_says_each_time()
    {
        var (first, second, other) = (await CutAsync(3), await CutAsync(3), await CutAsync(4));

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        static async Task<long> CutAsync(int seed)
        {
            await using var bench = new ProxyBench(seed);
            var (client, broker, _) = await bench.ConnectAsync();
            var cut = new FrameCut(Direction.Both, FrameKind.Body);
            bench.Proxy.Add(cut);
            var publish = Wire.Publish(1, new string('x', 120_000));
            await client.SayAsync(Wire.Protocol, publish);

            var (bytes, isReset) = await broker.HearAllAsync();
            Assert.True(isReset);
            var before = Wire.Protocol.Length + publish.Length - cut.Cut.Length;
            Assert.Equal(cut.Cut.Kept, bytes.Length - before);
            return cut.Cut.Kept;
        }
    }

    [Fact]
    public async Task Acks_are_swallowed_whole_after_those_that_pass()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await bench.ConnectAsync();
        var loss = new LostAcks(Direction.ToBroker, skip: 1, count: 2);
        bench.Proxy.Add(loss);

        await client.SayAsync(
            Wire.Protocol, Wire.Ack(1, 1), Wire.Ack(1, 2), Wire.Publish(1, "x"), Wire.Ack(1, 3), Wire.Ack(1, 4));

        byte[] heard = [.. Wire.Protocol, .. Wire.Ack(1, 1), .. Wire.Publish(1, "x"), .. Wire.Ack(1, 4)];
        Assert.Equal(heard, await broker.HearAsync(heard.Length));
        Assert.Equal(2, loss.Touched);
        Assert.Equal([connection], loss.Robbed);
    }

    [Fact]
    public async Task Confirms_are_not_touched_by_the_loss_of_acks()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        bench.Proxy.Add(new LostAcks(Direction.ToBroker, skip: 0, count: 10));

        await broker.SayAsync(Wire.Ack(1, 1));

        Assert.Equal(Wire.Ack(1, 1), await client.HearAsync(Wire.Ack(1, 1).Length));
    }

    [Fact]
    public async Task A_lost_confirm_is_not_made_good_by_a_later_one_of_many()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var loss = new LostAcks(Direction.ToClient, skip: 1, count: 1);
        bench.Proxy.Add(loss);

        await broker.SayAsync(
            Wire.Ack(1, 2, multiple: true), Wire.Ack(1, 5), Wire.Ack(2, 8, multiple: true),
            Wire.Ack(1, 7, multiple: true), Wire.Ack(1, 9, multiple: true));

        byte[] heard =
        [
            .. Wire.Ack(1, 2, multiple: true), .. Wire.Ack(2, 8, multiple: true),
            .. Wire.Ack(1, 4, multiple: true), .. Wire.Ack(1, 6), .. Wire.Ack(1, 7),
            .. Wire.Ack(1, 8), .. Wire.Ack(1, 9),
        ];
        Assert.Equal(heard, await client.HearAsync(heard.Length));
        Assert.Equal(1, loss.Touched);
    }

    [Fact]
    public async Task A_lost_confirm_of_many_loses_all_of_them()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        bench.Proxy.Add(new LostAcks(Direction.ToClient, skip: 0, count: 2));

        await broker.SayAsync(
            Wire.Ack(1, 5, multiple: true), Wire.Ack(1, 7), Wire.Ack(1, 8, multiple: true), Wire.Ack(1, 9));

        byte[] heard = [.. Wire.Ack(1, 6), .. Wire.Ack(1, 8), .. Wire.Ack(1, 9)];
        Assert.Equal(heard, await client.HearAsync(heard.Length));
    }

    [Fact]
    public async Task What_two_losses_have_taken_from_one_channel_is_not_made_good_either()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        foreach (var tag in (ulong[])[2, 4])
        {
            var loss = new LostAcks(Direction.ToClient, skip: 0, count: 1);
            bench.Proxy.Add(loss);
            await broker.SayAsync(Wire.Ack(1, tag));
            await loss.Took.WaitAsync(ProxyBench.Patience);
            bench.Proxy.Remove(loss);
        }

        await broker.SayAsync(Wire.Ack(1, 5, multiple: true));

        byte[] heard = [.. Wire.Ack(1, 1, multiple: true), .. Wire.Ack(1, 3), .. Wire.Ack(1, 5)];
        Assert.Equal(heard, await client.HearAsync(heard.Length));
    }

    [Fact]
    public async Task Confirms_of_a_channel_that_was_opened_again_are_told_as_they_are()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var loss = new LostAcks(Direction.ToClient, skip: 0, count: 100);
        bench.Proxy.Add(loss);
        await broker.SayAsync(Wire.Ack(1, 5));
        await loss.Took.WaitAsync(ProxyBench.Patience);
        bench.Proxy.Remove(loss);

        byte[] said = [.. Wire.OpenOk(1), .. Wire.Ack(1, 9, multiple: true)];
        await broker.SayAsync(said);

        Assert.Equal(said, await client.HearAsync(said.Length));
    }

    [Fact]
    public async Task A_toxic_holds_for_connections_that_come_later_too()
    {
        await using var bench = new ProxyBench();
        var loss = new LostAcks(Direction.ToBroker, skip: 0, count: 1);
        bench.Proxy.Add(loss);
        var (client, broker, _) = await bench.ConnectAsync();

        await client.SayAsync(Wire.Protocol, Wire.Ack(1, 1), Wire.Heartbeat);

        byte[] heard = [.. Wire.Protocol, .. Wire.Heartbeat];
        Assert.Equal(heard, await broker.HearAsync(heard.Length));
        Assert.Equal(1, loss.Touched);
    }
}
