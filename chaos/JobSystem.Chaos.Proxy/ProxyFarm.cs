using System.Net;

namespace JobSystem.Chaos.Proxy;

/// <summary>
/// The fault proxies of a run: for each member of the fleet a port for each node of the broker, the same for as long
/// as the farm lives, whichever incarnation is there. Owned by the controller; dies with it and leaves nothing to undo.
/// </summary>
/// <param name="nodes">Where the broker's nodes are: of each, host and port are looked at. At least one.</param>
/// <param name="seed">What is drawn here follows from it.</param>
/// <param name="clock">For what is late.</param>
public sealed class ProxyFarm(IReadOnlyList<Uri> nodes, int seed, TimeProvider clock) : IAsyncDisposable
{
    private const int PlainPort = 5672;

    private readonly DnsEndPoint[] _nodes =
        [.. nodes.Select(node => new DnsEndPoint(node.DnsSafeHost, node.Port > 0 ? node.Port : PlainPort))];

    private readonly SortedDictionary<string, AmqpProxy> _proxies = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>In the order of their members.</summary>
    internal IReadOnlyList<AmqpProxy> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _proxies.Values];
            }
        }
    }

    /// <summary>The ports on loopback at which the member finds the broker's nodes, in their order.</summary>
    /// <param name="member">As <c>worker-2</c>. The same ports each time it is asked for.</param>
    public IReadOnlyList<int> Open(string member)
    {
        lock (_gate)
        {
            if (!_proxies.TryGetValue(member, out var proxy))
            {
                proxy = new AmqpProxy(member, _nodes, seed, clock);
                _proxies.Add(member, proxy);
            }

            return proxy.Ports;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in All)
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <exception cref="KeyNotFoundException">It was never opened.</exception>
    internal AmqpProxy Of(string member)
    {
        lock (_gate)
        {
            return _proxies[member];
        }
    }
}
