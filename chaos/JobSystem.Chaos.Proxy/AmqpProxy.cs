using System.Net;
using System.Net.Sockets;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy;

/// <summary>
/// Between one member of the fleet and the broker: a port for each node, and whatever connections the incarnations of
/// this member open. Receives toxics, which hold at once for connections that are there and for new ones. Without
/// toxics it changes nothing. Ends with its farm, and resets all its connections then.
/// </summary>
internal sealed class AmqpProxy : IAsyncDisposable
{
    private readonly FlowCounters _toBroker = new();
    private readonly FlowCounters _toClient = new();
    private readonly List<ProxyListener> _doors = [];
    private readonly Dictionary<ProxyConnection, Task> _connections = [];
    private readonly Lock _gate = new();
    private volatile TaskCompletionSource _beat = NewBeat();
    private volatile ToxicSet _toxics = new([]);
    private long _opened;
    private bool _isOver;

    public AmqpProxy(string member, IReadOnlyList<DnsEndPoint> nodes, int seed, TimeProvider clock)
    {
        (Member, Seed, Clock) = (member, Seeds.Of(seed, member), clock);
        foreach (var node in nodes)
        {
            _doors.Add(new ProxyListener(client => Receive(client, node)));
            _doors[^1].Open();
        }
    }

    public string Member { get; }

    public int Seed { get; }

    public TimeProvider Clock { get; }

    /// <summary>Where clients are to connect, node by node.</summary>
    public IReadOnlyList<int> Ports => [.. _doors.Select(door => door.Port)];

    /// <summary>What there is now.</summary>
    public ToxicSet Toxics => _toxics;

    /// <summary>Those that live, in the order in which they came.</summary>
    public IReadOnlyList<ProxyConnection> Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections.Keys.OrderBy(connection => connection.Number)];
            }
        }
    }

    /// <summary>How many connections have come in, ever.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    public FlowCounters Counters(Direction direction) => direction == Direction.ToBroker ? _toBroker : _toClient;

    public void Add(Toxic toxic) => Change(toxics => toxics.With(toxic));

    /// <summary>What it held back goes on. Nothing if it is not there.</summary>
    public void Remove(Toxic toxic) => Change(toxics => toxics.Without(toxic));

    /// <summary>
    /// Completes when it is so; looked at whenever a connection comes or goes, a channel or a consumer.
    /// </summary>
    public async Task UntilAsync(Func<bool> isSo, CancellationToken cancel)
    {
        while (true)
        {
            var beat = _beat.Task;
            if (isSo())
            {
                return;
            }

            await beat.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Something that can be waited for has changed.</summary>
    public void Beat() => Interlocked.Exchange(ref _beat, NewBeat()).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        KeyValuePair<ProxyConnection, Task>[] connections;
        lock (_gate)
        {
            _isOver = true;
            _doors.ForEach(door => door.Dispose());
            connections = [.. _connections];
        }

        foreach (var (connection, served) in connections)
        {
            connection.Reset();
            await served.ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewBeat() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Func<ToxicSet, ToxicSet> change)
    {
        lock (_gate)
        {
            var before = _toxics;
            _toxics = change(before);
            if (_toxics == before)
            {
                return;
            }

            before.Retire();
            foreach (var door in _isOver ? [] : _doors)
            {
                if (_toxics.Entrance == Entrance.Refused)
                {
                    door.Close();
                }
                else
                {
                    door.Open();
                }
            }
        }
    }

    private void Receive(Socket client, DnsEndPoint node)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                client.Dispose();
                return;
            }

            var connection = new ProxyConnection(this, Interlocked.Increment(ref _opened), client, node);
            _connections.Add(connection, ServeAsync(connection));
        }

        Beat();
    }

    private async Task ServeAsync(ProxyConnection connection)
    {
        await Task.Yield();
        await connection.RunAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _connections.Remove(connection);
        }

        connection.Dispose();
        Change(toxics => toxics.Without(connection));
        Beat();
    }
}
