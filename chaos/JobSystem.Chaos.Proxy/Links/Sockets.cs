using System.Net.Sockets;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>How sockets are made and broken here.</summary>
internal static class Sockets
{
    public static Socket New() => Tuned(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    /// <summary>What is written leaves at once: the pieces are the toxics' to choose.</summary>
    public static Socket Tuned(Socket socket)
    {
        socket.NoDelay = true;
        return socket;
    }

    /// <summary>The other side gets a TCP reset, also while nothing moves. Nothing if it is closed already.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // closed already
        }

        socket.Dispose();
    }
}
