using System.Net.Sockets;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Sockets;

/// <summary>
/// The client library's socket, with a handle to cut it: the library's own closing waits for writes that a
/// dead or blocked peer never takes.
/// </summary>
internal sealed class RabbitSocket(Socket socket) : TcpClientAdapter(socket)
{
    private CoalescingStream? _stream;
    private readonly Socket _socket = socket;

    /// <summary>How often bytes came in.</summary>
    public long ReceivedTimes => _stream?.ReceivedTimes ?? 0;

    public override NetworkStream GetStream() => _stream ??= new CoalescingStream(_socket);

    /// <summary>The last bytes still go out.</summary>
    public override void Close()
    {
        if (_stream is { } stream)
        {
            stream.CloseWhenSent();
        }
        else
        {
            _socket.Dispose();
        }
    }

    /// <summary>Ends every read and write at once. Any thread, any number of times.</summary>
    public void Cut() => _socket.Dispose();
}
