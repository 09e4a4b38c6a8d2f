using System.Net.Sockets;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Sockets;

/// <summary>
/// The client library's socket, with a handle to cut it: the library's own closing waits for writes that a dead or
/// blocked peer never takes.
/// </summary>
internal sealed class RabbitSocket(Socket socket) : TcpClientAdapter(socket)
{
    private readonly Socket _socket = socket;

    /// <summary>Ends every read and write at once. Any thread, any number of times.</summary>
    public void Cut() => _socket.Dispose();
}
