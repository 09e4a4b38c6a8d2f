using System.Net.Sockets;
using System.Text;

namespace JobSystem.Sqlite.Peers;

/// <summary>
/// The folder beside the file where its processes have their sockets; containers that share the folder meet there.
/// Where its path is too long for a socket it lies in the temporary folder instead, and where that is too long as
/// well, in the system's.
/// A socket's file outlives its process: that nobody listens at it is the proof that the process is dead.
/// </summary>
/// <param name="file">The job file, by the path that all processes agree on.</param>
/// <param name="random">For names.</param>
/// <param name="elsewhere">For sockets whose path beside the file is too long; null: the temporary folders.</param>
internal sealed class SocketFolder(string file, Random random, IReadOnlyList<string>? elsewhere = null)
{
    private const int MaxAddressBytes = 100; // of 104 to 108, by platform
    private const int MaxTries = 20;
    private const string Aside = "~";

    private static int _made;

    public string Path { get; } = file + "-wake";

    /// <summary>Where to connect to a process; null: no socket can be reached there from here.</summary>
    /// <param name="address">As it stands in the file, written by a process that may see the folder by another
    /// path.</param>
    public UnixDomainSocketEndPoint? EndPointOf(string address) => Fits(address) ? new(PathOf(address)) : null;

    /// <summary>Makes a socket that listens. Returns it with its address.</summary>
    /// <exception cref="PathTooLongException">Every path for it is.</exception>
    public (Socket Listener, string Address) Listen()
    {
        var name = $"{Environment.ProcessId}-{Interlocked.Increment(ref _made)}-{random.Next():x8}";
        var address = (elsewhere ?? TemporaryFolders()).Select(folder => System.IO.Path.Combine(folder, $"jobs-{name}"))
            .Prepend(name).FirstOrDefault(Fits)
            ?? throw new PathTooLongException($"a socket's path has at most {MaxAddressBytes} bytes");
        var listener = Bind(address);
        try
        {
            listener.Listen(512);
            OpenToWhoMayWrite(address);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        return (listener, address);
    }

    /// <summary>Closes a socket of this process.</summary>
    /// <param name="hasLeft">Its process has no place in the file any more; else the proof of its end stays.</param>
    public void Close(Socket listener, string address, bool hasLeft)
    {
        var path = PathOf(address);
        if (hasLeft)
        {
            listener.Dispose();
            Clear(address);
            Try(() => Directory.Delete(Path)); // the last one
            return;
        }

        // A socket that is disposed of deletes its file; elsewhere it is not found.
        Try(() => File.Move(path, path + Aside));
        listener.Dispose();
        Try(() => File.Move(path + Aside, path));
    }

    /// <summary>Removes what is left of a process.</summary>
    public void Clear(string address) => Try(() => File.Delete(PathOf(address)));

    /// <summary>The addresses of all sockets in the folder, of the living and the dead.</summary>
    public IReadOnlyList<string> FindAll() => Directory.Exists(Path)
        ? [.. Directory.GetFiles(Path).Select(path => System.IO.Path.GetFileName(path))
            .Where(name => !name.EndsWith(Aside, StringComparison.Ordinal))]
        : [];

    /// <summary>
    /// Whoever leaves as the last takes the folder away, and may do so right before the socket is made. With the
    /// socket in it the folder stays.
    /// </summary>
    private Socket Bind(string address)
    {
        for (var tries = 1; ; tries++)
        {
            Directory.CreateDirectory(Path);
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                listener.Bind(new UnixDomainSocketEndPoint(PathOf(address)));
                return listener;
            }
            catch (SocketException) when (tries < MaxTries)
            {
                listener.Dispose();
            }
            catch
            {
                listener.Dispose();
                throw;
            }
        }
    }

    private static string[] TemporaryFolders() => OperatingSystem.IsWindows()
        ? [System.IO.Path.GetTempPath()]
        : [System.IO.Path.GetTempPath(), "/tmp"];

    private bool Fits(string address) =>
        address.Length > 0 && Encoding.UTF8.GetByteCount(PathOf(address)) <= MaxAddressBytes;

    private string PathOf(string address) => System.IO.Path.Combine(Path, address);

    /// <summary>Whoever may write the file may wake its processes, other users too.</summary>
    private void OpenToWhoMayWrite(string address)
    {
        const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(file);
        File.SetUnixFileMode(PathOf(address), mode);
        if (File.GetUnixFileMode(Path) != (mode | Enter))
        {
            File.SetUnixFileMode(Path, mode | Enter);
        }
    }

    /// <summary>What is left is in nobody's way, and the lease tells what a socket does not.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Others are still there, or have been first.
        }
    }
}
