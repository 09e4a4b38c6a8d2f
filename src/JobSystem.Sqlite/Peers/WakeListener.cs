using System.Net.Sockets;

namespace JobSystem.Sqlite.Peers;

/// <summary>
/// Where this process is reached: hears what others say to it, a byte each time, and when those that hold deliveries
/// fall silent for ever.
/// Ends: closed by its neighbourhood.
/// </summary>
/// <param name="listener">The socket.</param>
/// <param name="woken">Somebody says that there is something new.</param>
/// <param name="missing">A process that holds deliveries is connected no more: it may be dead.</param>
internal sealed class WakeListener(Socket listener, Action woken, Action missing)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _speakers = [];
    private bool _isClosed;

    public Socket Listener => listener;

    public async Task ListenAsync()
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

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var speaker in _speakers)
            {
                speaker.Dispose();
            }
        }
    }

    private async Task HearAsync(Socket speaker)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                speaker.Dispose();
                return;
            }

            _speakers.Add(speaker);
        }

        var isMember = false;
        await Words.HearAsync(speaker, words =>
        {
            isMember |= words.Contains(Words.Hello);
            woken();
        });
        lock (_gate)
        {
            _speakers.Remove(speaker);
        }

        if (isMember)
        {
            missing();
        }
    }
}
