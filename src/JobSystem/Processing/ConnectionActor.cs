using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Owns one connection to the broker, and through it everything that cannot outlive it.
/// Receives: its own connect results, the transport's news, the news of its tenants (a consumer for each lane, or the
/// publisher's channel).
/// Promises: there is at most one connection; when it is lost, all tenants are stopped before the next is opened, so
/// no settle can reach a channel its delivery did not come from; it backs off and never gives up; a call that misses
/// its deadline costs the whole connection.
/// Ends: only with the server.
/// </summary>
internal sealed class ConnectionActor(
    Engine engine,
    ActorRef<MonitorMessage> monitor,
    string role,
    IReadOnlyList<OpenTenant> tenants,
    ActorRef<PublisherMessage>? publisher = null) : Actor<ConnectionMessage>
{
    private const string ConnectTimer = "connect";
    private const string DeadlineTimer = "deadline";

    private readonly DateTimeOffset?[] _tenantDownSince = new DateTimeOffset?[tenants.Count];
    private readonly Dictionary<int, ActorRef> _alive = [];
    private int _epoch;
    private Opening<ITransportConnection>? _opening;
    private ITransportConnection? _connection;
    private DateTimeOffset _downSince;
    private bool _connectDue;

    protected override SupervisionStrategy Supervision => SupervisionStrategy.Stopping;

    protected override void Starting()
    {
        _downSince = Context.Clock.GetUtcNow();
        Connect();
    }

    protected override void Receive(ConnectionMessage message)
    {
        switch (message)
        {
            case ConnectionMessage.Connect:
                _connectDue = true;
                ConnectWhenClear();
                break;
            case ConnectionMessage.Connected connected when connected.Epoch == _epoch:
                Accept(connected.Connection);
                break;
            case ConnectionMessage.ConnectTimedOut timedOut when timedOut.Epoch == _epoch:
                Lose(new TransportFailure(TransportFailureKind.Unreachable,
                    $"{engine.Transport.Description} did not answer within {engine.Options.BrokerDeadline}."));
                break;
            case ConnectionMessage.ConnectFailed failed when failed.Epoch == _epoch:
                Lose(failed.Failure);
                break;
            case ConnectionMessage.Lost lost when lost.Epoch == _epoch:
                Lose(lost.Failure);
                break;
            case ConnectionMessage.BlockedChanged blocked when blocked.Epoch == _epoch:
                publisher?.Tell(new PublisherMessage.BlockedChanged(blocked.Reason));
                monitor.Tell(new MonitorMessage.BlockedChanged(role, blocked.Reason));
                break;
            case ConnectionMessage.TenantOpened opened when opened.Epoch == _epoch:
                _tenantDownSince[opened.Index] = null;
                break;
            case ConnectionMessage.TenantFailed failed when failed.Epoch == _epoch:
                OnTenantFailed(failed);
                break;
            case ConnectionMessage.TenantStopped stopped:
                OnTenantStopped(stopped);
                break;
            case ConnectionMessage.ReopenTenant reopen when reopen.Epoch == _epoch && _connection is not null:
                Open(reopen.Index);
                break;
        }
    }

    protected override void Stopped() => _opening?.Abandon();

    private void Connect()
    {
        _connectDue = false;
        var epoch = ++_epoch;
        Context.StartTimer(DeadlineTimer, engine.Options.BrokerDeadline, new ConnectionMessage.ConnectTimedOut(epoch));
        var opening = _opening = new Opening<ITransportConnection>(engine.Disposals);
        var listener = new Listener(Context.Self, epoch);
        Context.PipeToSelf(
            () => opening.OpenAsync(
                () => engine.Transport.ConnectAsync($"jobs/{engine.Options.Name}/{role}", listener)),
            connection => new ConnectionMessage.Connected(epoch, connection),
            error => new ConnectionMessage.ConnectFailed(epoch, Failures.Of(error)));
    }

    private void Accept(ITransportConnection connection)
    {
        Context.CancelTimer(DeadlineTimer);
        _connection = connection;
        engine.Log.Connected(role, engine.Transport.Description, Context.Clock.GetUtcNow() - _downSince);
        monitor.Tell(new MonitorMessage.ConnectionOpened(role));
        for (var index = 0; index < tenants.Count; index++)
        {
            _tenantDownSince[index] = null;
            Open(index);
        }
    }

    private void Open(int index)
    {
        var tenant = tenants[index](new Tenancy(Context, _connection!, _epoch, index));
        _alive[index] = tenant;
        Context.Watch(tenant, new ConnectionMessage.TenantStopped(_epoch, index));
    }

    private void Lose(TransportFailure failure)
    {
        var now = Context.Clock.GetUtcNow();
        Context.CancelTimer(DeadlineTimer);
        if (_connection is not null)
        {
            _downSince = now;
            _connection = null;
        }

        _opening?.Abandon();

        _epoch++;
        var delay = Backoff.DelayAfter(now - _downSince, Context.Random.NextDouble());
        engine.Metrics.Reconnected(role);
        monitor.Tell(new MonitorMessage.ConnectionLost(role, failure, delay)); // first: who reads the log may ask
        engine.Log.ConnectionLost(role, engine.Transport.Description, failure.Text, delay);
        publisher?.Tell(new PublisherMessage.ConnectionLost(failure));
        foreach (var tenant in _alive.Values)
        {
            Context.Stop(tenant);
        }

        Context.StartTimer(ConnectTimer, delay, new ConnectionMessage.Connect());
    }

    private void OnTenantFailed(ConnectionMessage.TenantFailed failed)
    {
        // A deadline that was missed, or a dead socket seen by a channel first, condemns the connection.
        if (failed.Failure.Kind is TransportFailureKind.Unreachable or TransportFailureKind.Lost
            or TransportFailureKind.ClosedByOperator && _connection is not null)
        {
            Lose(failed.Failure);
            return;
        }

        engine.Log.ChannelLost(role, failed.Failure.Text);
        monitor.Tell(new MonitorMessage.ChannelLost(role, failed.Failure));
    }

    private void OnTenantStopped(ConnectionMessage.TenantStopped stopped)
    {
        _alive.Remove(stopped.Index);
        if (stopped.Epoch != _epoch || _connection is null)
        {
            ConnectWhenClear();
            return;
        }

        var now = Context.Clock.GetUtcNow();
        var downSince = _tenantDownSince[stopped.Index] ??= now;
        var delay = Backoff.DelayAfter(now - downSince, Context.Random.NextDouble());
        Context.StartTimer(stopped.Index, delay, new ConnectionMessage.ReopenTenant(_epoch, stopped.Index));
    }

    /// <summary>The old tenants must be gone first: their refs are the old epoch.</summary>
    private void ConnectWhenClear()
    {
        if (_connectDue && _alive.Count == 0)
        {
            Connect();
        }
    }

    private sealed class Listener(ActorRef<ConnectionMessage> owner, int epoch) : IConnectionListener
    {
        public void OnClosed(TransportFailure failure) => owner.TryTell(new ConnectionMessage.Lost(epoch, failure));

        public void OnBlocked(string reason) => owner.TryTell(new ConnectionMessage.BlockedChanged(epoch, reason));

        public void OnUnblocked() => owner.TryTell(new ConnectionMessage.BlockedChanged(epoch, null));
    }
}

/// <summary>Opens one tenant of a connection: spawns it as the connection's child.</summary>
internal delegate ActorRef OpenTenant(Tenancy tenancy);

/// <summary>What a tenant is born with: its parent, the connection, and what it calls itself to its parent.</summary>
internal readonly record struct Tenancy(
    ActorContext<ConnectionMessage> Parent, ITransportConnection Connection, int Epoch, int Index)
{
    public void TellOpened() => Parent.Self.TryTell(new ConnectionMessage.TenantOpened(Epoch, Index));

    public void TellFailed(TransportFailure failure) =>
        Parent.Self.TryTell(new ConnectionMessage.TenantFailed(Epoch, Index, failure));
}
