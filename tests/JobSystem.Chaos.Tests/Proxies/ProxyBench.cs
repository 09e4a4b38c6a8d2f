// A proxy with a client before it and a broker behind it, both of bytes only. Owns all of them.
using System.Net;
using System.Net.Sockets;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;
using Xunit;

namespace JobSystem.Chaos.Tests.Proxies;

internal sealed class ProxyBench : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _broker = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private readonly ProxyFarm _farm;
    private readonly int _port;

    public ProxyBench(int seed = 1, TimeProvider? clock = null)
    {
        _broker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _broker.Listen();
        var node = new Uri($"amqp://{_broker.LocalEndPoint}");
        _farm = new ProxyFarm([node], seed, clock ?? TimeProvider.System);
        _port = _farm.Open("worker-1")[0];
    }

    public AmqpProxy Proxy => _farm.Of("worker-1");

    public ProxyFarm Farm => _farm;

    public int Port => _port;

    /// <summary>A client, and what the broker has of it.</summary>
    public async Task<(Peer Client, Peer Broker, ProxyConnection Connection)> ConnectAsync()
    {
        var client = await DialAsync();
        var (broker, connection) = await AcceptAsync();
        return (client, broker, connection);
    }

    public async Task<Peer> DialAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(client);
        await client.ConnectAsync(IPAddress.Loopback, _port);
        return new Peer(client);
    }

    public async Task<(Peer Broker, ProxyConnection Connection)> AcceptAsync()
    {
        var broker = await _broker.AcceptAsync().WaitAsync(Patience);
        broker.NoDelay = true;
        _sockets.Add(broker);
        return (new Peer(broker), Proxy.Connections[^1]);
    }

    /// <summary>Of the proxy's connections, channels and consumers.</summary>
    public Task UntilAsync(Func<bool> isSo) => Proxy.UntilAsync(isSo, CancellationToken.None).WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _farm.DisposeAsync();
        _broker.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
    }
}

/// <summary>One end of a connection.</summary>
internal sealed class Peer(Socket socket)
{
    public async Task SayAsync(params byte[][] frames)
    {
        foreach (var bytes in frames)
        {
            await socket.SendAsync(bytes);
        }
    }

    /// <summary>Exactly so many bytes.</summary>
    public async Task<byte[]> HearAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await ReceiveAsync(bytes.AsMemory(read));
            Assert.True(more > 0, $"The connection ended after {read} of {count} bytes.");
            read += more;
        }

        return bytes;
    }

    /// <summary>All that comes until the end; true: it was a reset.</summary>
    public async Task<(byte[] Bytes, bool IsReset)> HearAllAsync()
    {
        var heard = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await ReceiveAsync(buffer) is var count && count > 0)
            {
                heard.Write(buffer, 0, count);
            }

            return (heard.ToArray(), false);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (heard.ToArray(), true);
        }
    }

    /// <summary>Exactly these.</summary>
    public async Task HearAsync(byte[] expected) =>
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(await HearAsync(expected.Length)));

    /// <summary>What one read brings, at most so much.</summary>
    public async Task<int> ReceiveAsync(Memory<byte> buffer) =>
        await socket.ReceiveAsync(buffer, SocketFlags.None).AsTask().WaitAsync(ProxyBench.Patience);

    /// <summary>Has something arrived that nobody has read?</summary>
    public int Unread => socket.Available;

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void HangUp() => socket.Shutdown(SocketShutdown.Send);
}
