using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Sockets;

/// <summary>
/// The client library's socket, with a handle to cut it: the library's own closing waits for writes that a
/// dead or blocked peer never takes. TLS is spoken here and not in the library, because what passes between the two is
/// looked at (<see cref="CoalescingStream"/>).
/// </summary>
/// <param name="socket">Not connected yet.</param>
/// <param name="tls">Null: none is spoken.</param>
internal sealed class RabbitSocket(Socket socket, SslClientAuthenticationOptions? tls) : TcpClientAdapter(socket)
{
    private CoalescingStream? _stream;
    private SslStream? _tls;
    private readonly Socket _socket = socket;

    /// <summary>How often bytes came in.</summary>
    public long ReceivedTimes => _stream?.ReceivedTimes ?? 0;

    /// <exception cref="System.Security.Authentication.AuthenticationException">No TLS came about.</exception>
    public override async Task ConnectAsync(IPAddress ep, int port, CancellationToken cancellationToken = default)
    {
        await base.ConnectAsync(ep, port, cancellationToken).ConfigureAwait(false);
        if (tls is not null)
        {
            _tls = new SslStream(new NetworkStream(_socket, ownsSocket: false));
            await _tls.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
        }
    }

    public override NetworkStream GetStream() => _stream ??= new CoalescingStream(_socket, _tls);

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
