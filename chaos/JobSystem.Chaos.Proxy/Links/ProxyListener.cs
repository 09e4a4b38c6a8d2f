using System.Net;
using System.Net.Sockets;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// One port on loopback at which clients come in, for one node of the broker. Owns the port for as long as it lives:
/// a second socket holds it while nobody listens, so that connecting is refused and nobody else gets the port. Gives
/// the accepted sockets to its proxy.
/// </summary>
internal sealed class ProxyListener : IDisposable
{
    private const int Backlog = 512;

    private readonly Socket _holder = NewSocket();
    private readonly Action<Socket> _accepted;
    private Socket? _listener;

    public ProxyListener(Action<Socket> accepted)
    {
        _accepted = accepted;
        _holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_holder.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Nothing if it is open. Not to be called at the same time as others of this.</summary>
    public void Open()
    {
        if (_listener is null)
        {
            _listener = NewSocket();
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
            _listener.Listen(Backlog);
            _ = AcceptAsync(_listener);
        }
    }

    /// <summary>From now on connecting is refused; who was waiting to be let in is reset.</summary>
    public void Close()
    {
        _listener?.Dispose();
        _listener = null;
    }

    public void Dispose()
    {
        Close();
        _holder.Dispose();
    }

    // This option lets two sockets have the port (on Linux it stands for SO_REUSEADDR and SO_REUSEPORT).
    private static Socket NewSocket()
    {
        var socket = Sockets.New();
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                _accepted(await listener.AcceptAsync().ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException gone)
            {
                if (gone.SocketErrorCode is SocketError.OperationAborted or SocketError.InvalidArgument)
                {
                    return;
                }

                // this one client has gone already
            }
        }
    }
}
