using System.Net;
using System.Net.Sockets;
using JobSystem.Chaos.Proxy.Frames;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// One connection of a client, and the one that the proxy has opened for it to the broker. Owns both sockets. Ends
/// when both directions have ended, or at once when it is reset or closed from here.
/// </summary>
internal sealed class ProxyConnection : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Socket _client;
    private readonly Socket _broker = Sockets.New();
    private readonly DnsEndPoint _node;

    public ProxyConnection(AmqpProxy proxy, long number, Socket client, DnsEndPoint node)
    {
        (Proxy, Number, _client, _node) = (proxy, number, Sockets.Tuned(client), node);
        Ended = _ended.Token;
        ToBroker = new Flow(this, Direction.ToBroker, _client, _broker);
        ToClient = new Flow(this, Direction.ToClient, _broker, _client);
    }

    public AmqpProxy Proxy { get; }

    /// <summary>The first of a proxy is 1.</summary>
    public long Number { get; }

    public Flow ToBroker { get; }

    public Flow ToClient { get; }

    public ConnectionBook Book { get; } = new();

    /// <summary>Cancelled when all is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>When bytes last arrived from either side, by the proxy's clock.</summary>
    public long LastMoved => Math.Max(ToBroker.LastMoved, ToClient.LastMoved);

    public Flow Against(Direction direction) => direction == Direction.ToBroker ? ToClient : ToBroker;

    /// <summary>The same for the same connection of the same run, and another for each direction.</summary>
    public int SeedFor(Direction direction) => Seeds.Of(Proxy.Seed, $"{Number} {direction}");

    /// <summary>Both sides get a TCP reset, now: what is under way is lost.</summary>
    public void Reset()
    {
        Sockets.Reset(_client);
        Sockets.Reset(_broker);
        End();
    }

    /// <summary>
    /// Both sides see an orderly end, now, wherever they are in what they say; who has sent what nobody read gets a
    /// reset from TCP after it.
    /// </summary>
    public void Close()
    {
        foreach (var socket in (Socket[])[_client, _broker])
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // closed already
            }
        }

        End();
    }

    /// <summary>The whole life: it is let in, connects to the broker, and passes on what is said.</summary>
    public async Task RunAsync()
    {
        try
        {
            await UntilLetInAsync().ConfigureAwait(false);
            await _broker.ConnectAsync(_node, Ended).ConfigureAwait(false);
            var flows = Task.WhenAll(ToBroker.RunAsync(), ToClient.RunAsync());
            await Task.WhenAny(Task.WhenAll(ToBroker.PacedWriter.Done, ToClient.PacedWriter.Done), flows)
                .ConfigureAwait(false);
            End();
            await flows.ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Reset();
        }
    }

    // The source of the token stays: whoever still has a hand on this connection may end it once more.
    public void Dispose() => End();

    private async Task UntilLetInAsync()
    {
        while (Proxy.Toxics is { Entrance: Entrance.Silent } toxics)
        {
            toxics.TouchEntrance(Entrance.Silent);
            await toxics.Changed.WaitAsync(Ended).ConfigureAwait(false);
        }
    }

    private void End()
    {
        _ended.Cancel();
        _client.Dispose();
        _broker.Dispose();
    }
}
