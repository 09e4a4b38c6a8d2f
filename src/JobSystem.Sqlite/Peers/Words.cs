using System.Net.Sockets;

namespace JobSystem.Sqlite.Peers;

/// <summary>What processes say to each other: single bytes, and each of them wakes.</summary>
internal static class Words
{
    /// <summary>The speaker holds deliveries: its end concerns the hearer.</summary>
    public const byte Hello = (byte)'m';

    /// <summary>There is something new in the file.</summary>
    public const byte WakeUp = (byte)'w';

    /// <summary>Never waits: a hearer that does not read has words enough to wake up by.</summary>
    public static void Say(Socket socket, byte word)
    {
        try
        {
            socket.Send([word]);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Full, or gone: who reads from it will notice.
        }
    }

    /// <summary>Hears until the other end is closed, by its owner or by the kernel; then closes this one.</summary>
    public static async Task HearAsync(Socket socket, Heard heard)
    {
        var bytes = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(bytes) is var count and > 0)
            {
                heard(bytes.AsSpan(0, count));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // As an end.
        }

        socket.Dispose();
    }

    public delegate void Heard(ReadOnlySpan<byte> words);
}
