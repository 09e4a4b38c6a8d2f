using System.Net.Sockets;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;
using JobSystem.Chaos.Proxy.Toxics;
using Xunit;

namespace JobSystem.Chaos.Tests.Proxies;

/// <summary>What a proxy does without toxics, and to whole connections.</summary>
public sealed class AmqpProxyTests
{
    [Fact]
    public async Task What_either_side_says_arrives_as_it_was_said()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        byte[] asked = [.. Wire.Protocol, .. Wire.Publish(1, "a job"), .. Wire.Heartbeat, .. Wire.Ack(1, 7)];
        byte[] told = [.. Wire.ConsumeOk(1, "tag"), .. Wire.Deliver(1, "a job"), .. Wire.Ack(1, 9, multiple: true)];

        await client.SayAsync(asked);
        await broker.SayAsync(told);

        Assert.Equal(asked, await broker.HearAsync(asked.Length));
        Assert.Equal(told, await client.HearAsync(told.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Frames_and_garbage_pass_byte_by_byte_however_they_are_cut_up(int seed)
    {
        var random = new Random(seed);
        await using var bench = new ProxyBench(seed);
        for (var round = 0; round < 20; round++)
        {
            var (client, broker, _) = await bench.ConnectAsync();
            var said = Babble(random);

            var heard = broker.HearAllAsync();
            foreach (var piece in Pieces(said, random))
            {
                await client.SayAsync(piece);
            }

            client.HangUp();

            Assert.Equal((said, false), await heard, Same);
        }
    }

    [Fact]
    public async Task Frames_are_found_and_counted_over_the_borders_of_reads()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        byte[] said = [.. Wire.Protocol, .. Wire.Publish(1, "one"), .. Wire.Publish(2, ""), .. Wire.Ack(3, 1)];
        var heard = broker.HearAllAsync();

        foreach (var octet in said)
        {
            await client.SayAsync([octet]);
        }

        client.HangUp();
        await heard;

        var total = bench.Proxy.Counters(Direction.ToBroker).Total;
        Assert.Equal(new FlowTally { Bytes = said.Length, Frames = 7, Publishes = 2, Acks = 1 }, total);
        Assert.Equal(default, bench.Proxy.Counters(Direction.ToClient).Total);
    }

    [Fact]
    public async Task A_stream_that_is_not_AMQP_is_passed_on_and_counted()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        byte[] hello = [0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5];

        await client.SayAsync(hello);

        Assert.Equal(hello, await broker.HearAsync(hello.Length));
        Assert.Equal(1, bench.Proxy.Counters(Direction.ToBroker).Total.Unreadable);
    }

    [Fact]
    public async Task A_side_that_has_said_all_still_hears_the_other()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await bench.ConnectAsync();

        client.HangUp();
        Assert.Equal(([], false), await broker.HearAllAsync(), Same);
        await broker.SayAsync(Wire.Heartbeat);
        Assert.Equal(Wire.Heartbeat, await client.HearAsync(Wire.Heartbeat.Length));
        broker.HangUp();

        Assert.Equal(([], false), await client.HearAllAsync(), Same);
        await bench.UntilAsync(() => bench.Proxy.Connections.Count == 0);
        Assert.True(connection.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task An_idle_connection_is_reset_at_once_on_both_sides()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await bench.ConnectAsync();

        connection.Reset();

        Assert.Equal(([], true), await client.HearAllAsync(), Same);
        Assert.Equal(([], true), await broker.HearAllAsync(), Same);
    }

    [Fact]
    public async Task An_orderly_close_is_seen_as_one_by_both_sides()
    {
        await using var bench = new ProxyBench();
        var (client, broker, connection) = await bench.ConnectAsync();

        connection.Close();

        Assert.Equal(([], false), await client.HearAllAsync(), Same);
        Assert.Equal(([], false), await broker.HearAllAsync(), Same);
    }

    [Fact]
    public async Task A_reset_of_one_side_is_a_reset_for_the_other()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();

        broker.Reset();

        Assert.Equal(([], true), await client.HearAllAsync(), Same);
    }

    [Fact]
    public async Task Who_connects_to_a_refusing_proxy_is_refused_until_it_heals()
    {
        await using var bench = new ProxyBench();
        var refusal = new BadEntrance(Entrance.Refused);
        bench.Proxy.Add(refusal);

        var error = await Assert.ThrowsAsync<SocketException>(bench.DialAsync);
        bench.Proxy.Remove(refusal);
        var (client, broker, _) = await bench.ConnectAsync();

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        await client.SayAsync(Wire.Protocol);
        Assert.Equal(Wire.Protocol, await broker.HearAsync(Wire.Protocol.Length));
    }

    [Fact]
    public async Task Who_connects_to_a_silent_proxy_hears_nothing_until_it_heals()
    {
        await using var bench = new ProxyBench();
        var silence = new BadEntrance(Entrance.Silent);
        bench.Proxy.Add(silence);

        var client = await bench.DialAsync();
        await client.SayAsync(Wire.Protocol);
        await silence.Took.WaitAsync(ProxyBench.Patience);
        bench.Proxy.Remove(silence);
        var (broker, _) = await bench.AcceptAsync();

        Assert.Equal(Wire.Protocol, await broker.HearAsync(Wire.Protocol.Length));
        Assert.Equal(1, silence.Touched);
    }

    [Fact]
    public async Task A_seat_keeps_its_ports_and_every_seat_has_its_own()
    {
        await using var bench = new ProxyBench();

        Assert.Equal([bench.Port], bench.Farm.Open("worker-1"));
        Assert.NotEqual([bench.Port], bench.Farm.Open("worker-2"));
        Assert.Equal(["worker-1", "worker-2"], bench.Farm.All.Select(proxy => proxy.Member));
    }

    [Fact]
    public async Task The_end_of_the_farm_resets_everybody()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();

        await bench.Farm.DisposeAsync();

        Assert.Equal(([], true), await client.HearAllAsync(), Same);
        Assert.Equal(([], true), await broker.HearAllAsync(), Same);
    }

    private static bool Same((byte[] Bytes, bool IsReset) left, (byte[] Bytes, bool IsReset) right) =>
        left.Bytes.AsSpan().SequenceEqual(right.Bytes) && left.IsReset == right.IsReset;

    /// <summary>Frames, large and small, then perhaps anything.</summary>
    private static byte[] Babble(Random random)
    {
        List<byte> said = random.Next(2) == 0 ? [.. Wire.Protocol] : [];
        for (var frame = random.Next(60); frame > 0; frame--)
        {
            said.AddRange(random.Next(8) switch
            {
                0 => Wire.Heartbeat,
                1 => Wire.Ack((ushort)random.Next(5), (ulong)random.Next()),
                2 => Wire.Publish((ushort)random.Next(5), new string('x', random.Next(200_000))),
                3 => Wire.Frame(1, 1, [0, 50, 0, 10, .. new byte[random.Next(9000)]]),
                _ => Wire.Deliver((ushort)random.Next(5), new string('y', random.Next(300))),
            });
        }

        var garbage = new byte[random.Next(3) == 0 ? random.Next(5000) : 0];
        random.NextBytes(garbage);
        var cut = random.Next(3) == 0 ? random.Next(said.Count + 1) : 0;
        return [.. said[..^cut], .. garbage];
    }

    private static IEnumerable<byte[]> Pieces(byte[] said, Random random)
    {
        var largest = random.Next(3) switch { 0 => 40, 1 => 3000, _ => 300_000 };
        for (var at = 0; at < said.Length;)
        {
            var length = Math.Min(said.Length - at, random.Next(1, largest));
            yield return said[at..(at + length)];
            at += length;
        }
    }
}
