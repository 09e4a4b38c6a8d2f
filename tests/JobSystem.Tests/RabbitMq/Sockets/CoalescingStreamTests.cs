using System.Net;
using System.Net.Sockets;
using JobSystem.RabbitMq.Sockets;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Sockets;

/// <summary>
/// Whatever the sizes of writes and reads: the same bytes in the same order, and an end that is told.
/// </summary>
public sealed class CoalescingStreamTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly Socket _near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket _far = null!;
    private CoalescingStream _stream = null!;

    public async Task InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var accepting = listener.AcceptAsync();
        await _near.ConnectAsync(listener.LocalEndPoint!);
        _far = await accepting;
        _stream = new CoalescingStream(_near);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _near.Dispose();
        _far.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task All_bytes_go_out_in_order_in_writes_of_any_size(int seed)
    {
        var random = new Random(seed);
        var sent = RandomBytes(random, 3_000_000);
        var arriving = ReadAllAsync(_far, sent.Length);

        for (var at = 0; at < sent.Length;)
        {
            var size = random.Next(10) switch { 0 => random.Next(200_000), < 4 => random.Next(5000), _ =>
                random.Next(300) };
            size = Math.Min(size, sent.Length - at);
            await _stream.WriteAsync(sent.AsMemory(at, size));
            await _stream.FlushAsync();
            at += size;
        }

        Assert.Equal(sent, await arriving);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task All_bytes_come_in_in_order_in_reads_of_any_size(int seed)
    {
        var random = new Random(seed);
        var sent = RandomBytes(random, 2_000_000);
        var sending = _far.SendAsync(sent);
        var arrived = new byte[sent.Length];

        for (var at = 0; at < sent.Length;)
        {
            var size = Math.Min(arrived.Length - at, random.Next(1, random.Next(3) == 0 ? 100_000 : 5000));
            at += await _stream.ReadAsync(arrived.AsMemory(at, size));
        }

        await sending;
        Assert.True(sent.AsSpan().SequenceEqual(arrived));
        Assert.True(_stream.ReceivedTimes > 0);
    }

    [Fact]
    public async Task The_end_of_the_peer_is_the_end_of_the_stream()
    {
        _far.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, await _stream.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task Closed_it_still_sends_what_was_written()
    {
        var sent = RandomBytes(new Random(1), 60_000);
        await _stream.WriteAsync(sent);

        _stream.CloseWhenSent();

        Assert.Equal(sent, await ReadAllAsync(_far, sent.Length));
        Assert.Equal(0, await _far.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task A_writer_waits_for_a_peer_that_reads_nothing_and_is_freed_by_a_cut()
    {
        var writing = WriteForEverAsync();
        _near.SendBufferSize = 4096;

        _near.Dispose();

        await Assert.ThrowsAnyAsync<Exception>(() => writing);

        async Task WriteForEverAsync()
        {
            await Task.Yield();
            while (true)
            {
                await _stream.WriteAsync(new byte[10_000]);
            }
        }
    }

    [Fact]
    public async Task A_reader_is_freed_by_a_cut()
    {
        var reading = _stream.ReadAsync(new byte[1]).AsTask();

        _near.Dispose();

        await Assert.ThrowsAnyAsync<Exception>(() => reading);
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var received = await socket.ReceiveAsync(bytes.AsMemory(at));
            Assert.NotEqual(0, received);
            at += received;
        }

        return bytes;
    }
}
