using System.Net.Sockets;
using JobSystem.Sqlite.Storage;
using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite.Peers;

/// <summary>
/// The other processes at the same file, over sockets. One byte wakes a process; and because the kernel closes the
/// sockets of a process that ends, however it ends, an end is noticed at once.
/// Owns: the listener at which this process is reached, and the connections to those that it sends to.
/// Without sockets (a folder that takes none) everything works, but later: by looking every so often, and by leases.
/// Ends: with its session.
/// </summary>
/// <param name="folder">Where the sockets are.</param>
/// <param name="woken">Another process says that there is something new.</param>
/// <param name="missing">A process that was connected no longer is: it may be dead.</param>
internal sealed class PeerNetwork(SocketFolder folder, Action woken, Action missing, ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Socket?> _spokenTo = [];
    private WakeListener? _listener;
    private string? _address;
    private bool _hasSwept;
    private volatile bool _isMember;
    private bool _isClosed;

    /// <summary>Begins to listen. Returns the address; null where no socket can be made.</summary>
    public string? Listen()
    {
        if (_address is not null)
        {
            return _address;
        }

        try
        {
            (var listener, _address) = folder.Listen();
            _listener = new WakeListener(listener, woken, missing);
            _ = _listener.ListenAsync();
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            log.NoSocket(folder.Path, error.Message);
        }

        return _address;
    }

    /// <summary>
    /// From now on this process holds deliveries: the others must notice its end, and it theirs. They are connected
    /// to by the next <see cref="FindDeadAsync"/>.
    /// </summary>
    public void Join()
    {
        lock (_gate)
        {
            _isMember = true;
            foreach (var socket in _spokenTo.Values.OfType<Socket>())
            {
                PeerSignal.Send(socket, PeerSignal.Hello);
            }
        }
    }

    /// <summary>Wakes other processes.</summary>
    public void Wake(IEnumerable<string> addresses)
    {
        foreach (var address in addresses.Where(address => address != _address))
        {
            if (!TryWake(address))
            {
                _ = ConnectAsync(address, refused: missing);
            }
        }
    }

    /// <summary>
    /// Speaks to all of them from now on. Returns those of whom it is proven that they are dead: nobody listens at
    /// their socket any more. Whoever gives back what they held clears their sockets away afterwards: the next one
    /// must find the proof, too, should this process be killed before it has done so.
    /// </summary>
    public async Task<IReadOnlyList<ProcessRow>> FindDeadAsync(IReadOnlyList<ProcessRow> others)
    {
        var dead = new List<ProcessRow>();
        foreach (var other in others.Where(other => other.Address is not null && other.Address != _address))
        {
            await ConnectAsync(other.Address!, refused: () => dead.Add(other));
        }

        await SweepAsync([.. others.Select(other => other.Address)]);
        return dead;
    }

    public void ClearAway(IEnumerable<ProcessRow> dead)
    {
        foreach (var address in dead.Select(process => process.Address).OfType<string>())
        {
            folder.Clear(address);
        }
    }

    /// <summary>Closes every socket, so that the others notice.</summary>
    /// <param name="hasLeft">This process has no place in the file any more.</param>
    public void Close(bool hasLeft)
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var socket in _spokenTo.Values)
            {
                socket?.Dispose();
            }
        }

        _listener?.Close();
        if (_listener is not null && _address is not null)
        {
            folder.Close(_listener.Listener, _address, hasLeft);
        }
    }

    /// <summary>False: nobody speaks to it yet.</summary>
    private bool TryWake(string address)
    {
        lock (_gate)
        {
            if (!_spokenTo.TryGetValue(address, out var socket))
            {
                return false;
            }

            if (socket is not null)
            {
                PeerSignal.Send(socket, PeerSignal.WakeUp);
            }

            return true; // whoever is just connecting will say something
        }
    }

    private async Task ConnectAsync(string address, Action refused)
    {
        if (folder.EndPointOf(address) is not { } endPoint)
        {
            return; // its lease tells whether it is alive
        }

        lock (_gate)
        {
            if (_isClosed || !_spokenTo.TryAdd(address, null))
            {
                return;
            }
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint);
            socket.Blocking = false;
        }
        catch (SocketException error)
        {
            Forget(address, socket);
            if (error.SocketErrorCode == SocketError.ConnectionRefused)
            {
                refused();
            }

            return;
        }

        if (TryKeep(address, socket))
        {
            PeerSignal.Send(socket, _isMember ? PeerSignal.Hello : PeerSignal.WakeUp);
            _ = AwaitEndAsync(address, socket);
        }
    }

    private bool TryKeep(string address, Socket socket)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _spokenTo[address] = socket;
                return true;
            }
        }

        socket.Dispose();
        return false;
    }

    /// <summary>Nobody answers on it; but it ends when the other ends.</summary>
    private async Task AwaitEndAsync(string address, Socket socket)
    {
        await PeerSignal.ReceiveAsync(socket, static _ => { });
        Forget(address, socket);
        missing();
    }

    private void Forget(string address, Socket socket)
    {
        lock (_gate)
        {
            _spokenTo.Remove(address);
        }

        socket.Dispose();
    }

    /// <summary>Once: sockets of processes that were killed before anybody knew them, or after.</summary>
    private async Task SweepAsync(HashSet<string?> known)
    {
        if (_hasSwept)
        {
            return;
        }

        _hasSwept = true;
        foreach (var address in folder.FindAll().Where(name => name != _address && !known.Contains(name)))
        {
            await ConnectAsync(address, refused: () => folder.Clear(address));
        }
    }
}
