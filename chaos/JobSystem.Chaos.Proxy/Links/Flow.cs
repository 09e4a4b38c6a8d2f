using System.Net.Sockets;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// One direction of one connection: reads from one side, through the frame gate, to the writer to the other side.
/// Promises: an orderly end is passed on as one, a reset as one; it reads no more while too much waits to be written.
/// </summary>
internal sealed class Flow
{
    private readonly Socket _from;
    private readonly ProxyConnection _connection;
    private long _lastMoved;

    public Flow(ProxyConnection connection, Direction direction, Socket from, Socket to)
    {
        (_connection, _from) = (connection, from);
        var seed = connection.SeedFor(direction);
        PacedWriter = new PacedWriter(to, connection, direction, seed);
        FrameGate = new FrameGate(connection, direction, PacedWriter, new Random(seed + 2));
        _lastMoved = connection.Proxy.Clock.GetTimestamp();
    }

    public FrameGate FrameGate { get; }

    public PacedWriter PacedWriter { get; }

    /// <summary>When bytes last arrived, by the proxy's clock.</summary>
    public long LastMoved => Volatile.Read(ref _lastMoved);

    /// <summary>Until the connection ends.</summary>
    public Task RunAsync() => Task.WhenAll(ReadAsync(), PacedWriter.RunAsync());

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var count = await _from.ReceiveAsync(FrameGate.Free, SocketFlags.None).ConfigureAwait(false);
                if (count == 0)
                {
                    FrameGate.Finish();
                    return;
                }

                Volatile.Write(ref _lastMoved, _connection.Proxy.Clock.GetTimestamp());
                if (!FrameGate.Accept(count))
                {
                    return;
                }

                await PacedWriter.RoomAsync().ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            PacedWriter.Reset();
        }
        catch (OperationCanceledException)
        {
            // the connection has ended
        }
    }
}
