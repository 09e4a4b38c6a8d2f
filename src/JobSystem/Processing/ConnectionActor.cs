using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Owns one connection to the broker, and through it everything that cannot outlive it.
/// Receives: its own connect results, events of the transport and of its tenants (a consumer for each lane, or the
/// publisher's channel).
/// Promises: there is at most one connection; when it is lost, all tenants are stopped before the next is opened, so
/// no settle can reach a channel its delivery did not come from; it backs off and never gives up; a call that misses
/// its deadline costs the whole connection. Its mailbox is bounded by the tenants: each has a few things to say.
/// A tenant that fails is stopped, and reopened. The connection itself ends only with the tree.
/// </summary>
internal sealed class ConnectionActor(
    ActorEnvironment environment,
    BrokerAccess broker,
    Observation observation,
    Ref<MonitorMessage> monitor,
    string role,
    IReadOnlyList<Tenant> tenants,
    Ref<PublisherMessage>? publisher = null) : TypedActor<ConnectionMessage>(environment)
{
    private const string ConnectTimer = "connect";
    private const string DeadlineTimer = "deadline";

    private readonly DateTimeOffset?[] _tenantDownSince = new DateTimeOffset?[tenants.Count];
    private readonly Dictionary<int, IActorRef> _alive = [];
    private int _epoch;
    private long _opened;
    private Opening<ITransportConnection>? _opening;
    private ITransportConnection? _connection;
    private DateTimeOffset _downSince;
    private bool _connectDue;
    private bool _isServing;

    protected override SupervisorStrategy SupervisorStrategy() =>
        new ChildSupervision(Directive.Stop, Environment, observation.Failed);

    protected override void PreStart()
    {
        _downSince = Clock.GetUtcNow();
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
                    $"{broker.Description} did not answer within {broker.Deadline}."));
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
                _isServing = true;
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

    protected override void PostStop() => _opening?.Abandon();

    private void Connect()
    {
        _connectDue = false;
        var epoch = ++_epoch;
        StartTimer(DeadlineTimer, broker.Deadline, new ConnectionMessage.ConnectTimedOut(epoch));
        var opening = _opening = new Opening<ITransportConnection>(broker.Disposals);
        var listener = new Listener(Self, epoch);
        PipeToSelf(
            () => opening.OpenAsync(
                () => broker.Transport.ConnectAsync($"jobs/{broker.Name}/{role}", listener)),
            connection => new ConnectionMessage.Connected(epoch, connection),
            error => new ConnectionMessage.ConnectFailed(epoch, TransportFailure.Of(error)));
    }

    private void Accept(ITransportConnection connection)
    {
        Timers.Cancel(DeadlineTimer);
        _connection = connection;
        observation.Log.Connected(role, broker.Description, Clock.GetUtcNow() - _downSince);
        for (var index = 0; index < tenants.Count; index++)
        {
            _tenantDownSince[index] = null;
            Open(index);
        }
    }

    private void Open(int index)
    {
        var (name, open) = tenants[index];
        var tenant = Context.ActorOf(
            open(new Tenancy(Self, _connection!, _epoch, index)), $"{name}-{index}-{++_opened}");
        _alive[index] = tenant;
        Context.WatchWith(tenant, new ConnectionMessage.TenantStopped(_epoch, index));
    }

    private void Lose(TransportFailure failure)
    {
        var now = Clock.GetUtcNow();
        Timers.Cancel(DeadlineTimer);
        _connection = null;
        if (_isServing)
        {
            // A connection that opens and is lost before it served a tenant does not end the outage: or a broker, a
            // proxy or a disk that takes connections and breaks them at once would be hammered.
            _downSince = now;
            _isServing = false;
        }

        _opening?.Abandon();

        _epoch++;
        var delay = Backoff.DelayAfter(now - _downSince, Random.NextDouble());
        observation.Metrics.Reconnected(role);
        monitor.Tell(new MonitorMessage.ConnectionLost(role, failure, delay)); // first: who reads the log may ask
        observation.Log.ConnectionLost(role, broker.Description, failure.Text, delay);
        publisher?.Tell(new PublisherMessage.ConnectionLost(failure));
        foreach (var tenant in _alive.Values)
        {
            Context.Stop(tenant);
        }

        StartTimer(ConnectTimer, delay, new ConnectionMessage.Connect());
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

        observation.Log.ChannelLost(role, failed.Failure.Text);
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

        var now = Clock.GetUtcNow();
        var downSince = _tenantDownSince[stopped.Index] ??= now;
        var delay = Backoff.DelayAfter(now - downSince, Random.NextDouble());
        StartTimer(stopped.Index, delay, new ConnectionMessage.ReopenTenant(_epoch, stopped.Index));
    }

    /// <summary>The old tenants must be gone first: their refs are the old epoch.</summary>
    private void ConnectWhenClear()
    {
        if (_connectDue && _alive.Count == 0)
        {
            Connect();
        }
    }

    private sealed class Listener(Ref<ConnectionMessage> owner, int epoch) : IConnectionListener
    {
        public void OnClosed(TransportFailure failure) => owner.Tell(new ConnectionMessage.Lost(epoch, failure));

        public void OnBlocked(string reason) => owner.Tell(new ConnectionMessage.BlockedChanged(epoch, reason));

        public void OnUnblocked() => owner.Tell(new ConnectionMessage.BlockedChanged(epoch, null));
    }
}

/// <summary>What cannot outlive its connection, and is opened again on each: as a child of the connection.</summary>
/// <param name="Name">Of the actor; a number is added.</param>
/// <param name="Open">Describes the actor.</param>
internal sealed record Tenant(string Name, Func<Tenancy, Props> Open);

/// <summary>What a tenant is born with: its owner, the connection, and what it calls itself to its owner.</summary>
internal readonly record struct Tenancy(
    Ref<ConnectionMessage> Owner, ITransportConnection Connection, int Epoch, int Index)
{
    public void TellOpened() => Owner.Tell(new ConnectionMessage.TenantOpened(Epoch, Index));

    public void TellFailed(TransportFailure failure) =>
        Owner.Tell(new ConnectionMessage.TenantFailed(Epoch, Index, failure));
}
