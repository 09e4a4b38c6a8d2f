using System.Net.Sockets;
using JobSystem.Sqlite.Storage;
using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite.Neighbours;

/// <summary>
/// The other processes at the same file, over sockets that are files in a folder beside it. One byte wakes a
/// process; and because the kernel closes the sockets of a process that ends, however it ends, an end is noticed at
/// once. A socket that nobody listens to any more belongs to a dead process: that is the proof.
/// Owns: the socket at which this process is reached, and the connections to those it speaks to.
/// Without sockets (a folder that takes none) everything works, but later: by looking every so often, and by leases.
/// </summary>
/// <param name="random">For names of sockets.</param>
/// <param name="woken">Another process says that there is something new.</param>
/// <param name="missing">A process that was connected is so no more: it may be dead.</param>
#pragma warning disable CA1001 // closed by its session
internal sealed partial class Neighbourhood(Random random, Action woken, Action missing, ILogger log)
#pragma warning restore CA1001
{
    private const int MaxAddressBytes = 100; // of 104 to 108, by platform
    private const string Aside = "~";
    private const byte Hello = (byte)'m';
    private const byte WakeUp = (byte)'w';

    private static int _made;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Socket?> _spokenTo = [];
    private readonly HashSet<Socket> _heard = [];
    private string _file = "";
    private Socket? _listener;
    private string? _address;
    private volatile bool _isMember;
    private bool _hasSwept;
    private bool _isDisposed;

    /// <summary>Where the sockets are. Made when it is needed.</summary>
    private string Folder => _file + "-wake";

    /// <summary>Says which file it is about, by the path that all processes agree on.</summary>
    public void MoveTo(string file) => _file = file;

    /// <summary>Begins to listen. Returns the address; null where no socket can be made.</summary>
    public string? Listen()
    {
        if (_address is not null)
        {
            return _address;
        }

        try
        {
            _address = Bind();
            _ = AcceptAsync(_listener!);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            log.NoSocket(Folder, error.Message);
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
                Say(socket, Hello);
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

        await SweepAsync([.. others.Select(other => other.Address).OfType<string>()]);
        return dead;
    }

    public void ClearAway(IEnumerable<ProcessRow> dead)
    {
        foreach (var address in dead.Select(process => process.Address).OfType<string>())
        {
            TryDelete(PathOf(address));
        }
    }

    /// <summary>
    /// Closes every socket, so that the others notice. The file of its own stays where this process still has a place
    /// in the file: nobody listening at it is what proves its end.
    /// </summary>
    /// <param name="hasLeft">It has none any more.</param>
    public void Close(bool hasLeft)
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var socket in _spokenTo.Values.OfType<Socket>().Concat(_heard))
            {
                socket.Dispose();
            }

            _spokenTo.Clear();
            _heard.Clear();
        }

        if (_address is not null)
        {
            CloseListener(PathOf(_address), hasLeft);
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Beside the file, so that containers which share its folder meet; else where sockets fit.</summary>
    private string PathOf(string address) => Path.Combine(Folder, address);

    private string Bind()
    {
        var name = $"{Environment.ProcessId}-{Interlocked.Increment(ref _made)}-{random.Next():x8}";
        var fits = System.Text.Encoding.UTF8.GetByteCount(PathOf(name)) <= MaxAddressBytes;
        var address = fits ? name : Path.Combine(Path.GetTempPath(), $"jobs-{name}");
        Directory.CreateDirectory(Folder);
        var listener = NewSocket();
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(PathOf(address)));
            listener.Listen(512);
            OpenToWhoMayWrite(PathOf(address));
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        return address;
    }

    private void CloseListener(string path, bool hasLeft)
    {
        if (hasLeft)
        {
            _listener!.Dispose();
            TryDelete(path);
            TryDeleteFolder();
            return;
        }

        // A socket that is disposed of deletes its file; elsewhere it is not found.
        var aside = path + Aside;
        TryMove(path, aside);
        _listener!.Dispose();
        TryMove(aside, path);
    }

    /// <summary>Once: sockets of processes that were killed before anybody knew them, or after.</summary>
    private async Task SweepAsync(HashSet<string> known)
    {
        if (_hasSwept || !Directory.Exists(Folder))
        {
            return;
        }

        _hasSwept = true;
        foreach (var path in Directory.GetFiles(Folder))
        {
            var name = Path.GetFileName(path);
            if (name != _address && !known.Contains(name) && !name.EndsWith(Aside, StringComparison.Ordinal))
            {
                await ConnectAsync(name, refused: () => TryDelete(path));
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = HearAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed: nobody is heard any more.
        }
    }

    private async Task HearAsync(Socket socket)
    {
        if (!TryKeep(() => _heard.Add(socket), socket))
        {
            return;
        }

        var bytes = new byte[256];
        var isMember = false;
        try
        {
            while (await socket.ReceiveAsync(bytes) is var read and > 0)
            {
                isMember |= bytes.AsSpan(0, read).Contains(Hello);
                woken();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // As an end.
        }

        lock (_gate)
        {
            _heard.Remove(socket);
        }

        socket.Dispose();
        if (isMember)
        {
            missing();
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
                Say(socket, WakeUp);
            }

            return true; // whoever is just connecting will say something
        }
    }

    private static void Say(Socket socket, byte word)
    {
        try
        {
            socket.Send([word]);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has plenty of words waiting, or it is gone: who reads from it will notice.
        }
    }

    private async Task ConnectAsync(string address, Action refused)
    {
        lock (_gate)
        {
            if (_isDisposed || !_spokenTo.TryAdd(address, null))
            {
                return;
            }
        }

        var socket = NewSocket();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathOf(address)));
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

        if (TryKeep(() => _spokenTo[address] = socket, socket))
        {
            Say(socket, _isMember ? Hello : WakeUp);
            _ = AwaitEndAsync(address, socket);
        }
    }

    /// <summary>Nobody answers on it; but it ends when the other ends.</summary>
    private async Task AwaitEndAsync(string address, Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1]) > 0)
            {
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // As an end.
        }

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

    private bool TryKeep(Action keep, Socket socket)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                keep();
                return true;
            }
        }

        socket.Dispose();
        return false;
    }
}
