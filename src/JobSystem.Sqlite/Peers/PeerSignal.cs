using System.Net.Sockets;

namespace JobSystem.Sqlite.Peers;

/// <summary>What processes that share a file send to each other: single bytes. Each of them wakes the
/// receiver.</summary>
internal static class PeerSignal
{
    /// <summary>The sender holds deliveries: the receiver wants to know when it ends.</summary>
    public const byte Hello = (byte)'m';

    /// <summary>There is something new in the file.</summary>
    public const byte WakeUp = (byte)'w';

    /// <summary>Never waits: a receiver that does not read has signals enough to wake up by.</summary>
    public static void Send(Socket socket, byte signal)
    {
        try
        {
            socket.Send([signal]);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Full, or gone: who reads from it will notice.
        }
    }

    /// <summary>Receives until the other end is closed, by its owner or by the kernel; then closes this one.</summary>
    public static async Task ReceiveAsync(Socket socket, Received received)
    {
        var bytes = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(bytes) is var count and > 0)
            {
                received(bytes.AsSpan(0, count));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // As an end.
        }

        socket.Dispose();
    }

    public delegate void Received(ReadOnlySpan<byte> signals);
}
