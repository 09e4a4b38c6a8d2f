using System.Net.Sockets;

namespace JobSystem.Sqlite.Peers;

/// <summary>
/// Where this process is reached: hears what others say to it, a byte each time, and when those that hold deliveries
/// fall silent forever.
/// Ends: closed by its neighbourhood.
/// </summary>
/// <param name="listener">The socket.</param>
/// <param name="woken">Somebody says that there is something new.</param>
/// <param name="missing">A process that holds deliveries is no longer connected: it may be dead.</param>
internal sealed class WakeListener(Socket listener, Action woken, Action missing)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _senders = [];
    private bool _isClosed;

    public Socket Listener => listener;

    public async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                _ = ReceiveAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed: nobody is heard any more.
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var sender in _senders)
            {
                sender.Dispose();
            }
        }
    }

    private async Task ReceiveAsync(Socket sender)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                sender.Dispose();
                return;
            }

            _senders.Add(sender);
        }

        var isMember = false;
        await PeerSignal.ReceiveAsync(sender, signals =>
        {
            isMember |= signals.Contains(PeerSignal.Hello);
            woken();
        });
        lock (_gate)
        {
            _senders.Remove(sender);
        }

        if (isMember)
        {
            missing();
        }
    }
}
