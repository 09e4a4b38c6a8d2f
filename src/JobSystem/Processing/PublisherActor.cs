using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Publishes jobs and knows the truth about each: confirmed, rejected or unknown.
/// Receives: publishes (clients, successors of failed jobs), the channel's confirms and rejections, news of channels.
/// Promises: every publish is answered once, at its deadline at the latest; what was not answered when a channel broke
/// is sent again on the next with the same id; at most <see cref="JobServerOptions.MaxUnconfirmed"/> are on their way;
/// a publish that breaks channels is found and rejected, and its neighbours are not.
/// Ends: with the server; what is unanswered then is unknown or rejected as it stands.
/// </summary>
internal sealed class PublisherActor(Engine engine, ActorRef<MonitorMessage> monitor) : Actor<PublisherMessage>
{
    private static readonly TimeSpan _sweepPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Outbox _outbox = new();
    private ActorRef<ChannelMessage>? _owner;
    private IPublisherChannel? _channel;
    private long _maxBodyBytes = long.MaxValue;
    private ulong _lastNumber;
    private string? _blocked;
    private string _unreachable = "no connection yet";
    private bool _sweeping;
    private ActorRef<DrainMessage>? _drain;

    protected override void Starting()
    {
        // Its own connection: an alarm at the broker blocks whole connections, and consumers must go on to settle.
        var self = Context.Self;
        OpenTenant channel = tenancy => tenancy.Parent.Spawn(
            () => new PublisherChannelActor(engine, tenancy, self, monitor), mailboxCapacity: 16);
        Context.Spawn(
            () => new ConnectionActor(engine, monitor, JobServer.PublishRole, [channel], self),
            "connection",
            mailboxCapacity: 256);
    }

    protected override void Receive(PublisherMessage message)
    {
        switch (message)
        {
            case PublisherMessage.Publish publish:
                Accept(publish);
                break;
            case PublisherMessage.Confirmed confirmed when confirmed.Owner == _owner:
                _outbox.Confirm(confirmed.Number, confirmed.Multiple);
                SendWaiting();
                break;
            case PublisherMessage.Rejected rejected when rejected.Owner == _owner:
                _outbox.Reject(rejected.Number, rejected.Reason);
                SendWaiting();
                break;
            case PublisherMessage.ChannelOpened opened:
                OnChannelOpened(opened);
                break;
            case PublisherMessage.ChannelFailed failed when failed.Owner == _owner:
                OnChannelFailed(failed.Failure);
                break;
            case PublisherMessage.ChannelStopped stopped when stopped.Owner == _owner:
                LoseChannel("the channel was closed", wasRefused: false);
                break;
            case PublisherMessage.BlockedChanged changed:
                _blocked = changed.Reason;
                SendWaiting();
                break;
            case PublisherMessage.ConnectionLost lost:
                _unreachable = lost.Failure.Text;
                break;
            case PublisherMessage.Sweep:
                Sweep();
                break;
            case PublisherMessage.Drain drain:
                _drain = drain.ReplyTo;
                break;
        }

        if (_drain is not null && _outbox.IsEmpty)
        {
            _drain.TryTell(new DrainMessage.PublisherDrained());
            _drain = null;
        }
    }

    protected override void Stopped()
    {
        foreach (var entry in _outbox.TakeAll())
        {
            entry.Expire("the job system was stopped");
        }
    }

    private void Accept(PublisherMessage.Publish publish)
    {
        var entry = new OutboxEntry(publish, Context.Clock.GetTimestamp());
        if (publish.Job.Body.Length > _maxBodyBytes)
        {
            entry.Reject(TooLarge(publish.Job));
            return;
        }

        _outbox.Add(entry);
        if (!_sweeping)
        {
            _sweeping = true;
            Context.StartPeriodicTimer("sweep", _sweepPeriod, PublisherMessage.Sweep.Instance);
        }

        SendWaiting();
    }

    private void SendWaiting()
    {
        while (_channel is not null && _blocked is null
            && _outbox.NextToSend(engine.Options.MaxUnconfirmed) is { } entry)
        {
            _outbox.Sent(entry, ++_lastNumber, Context.Clock.GetTimestamp());
            _channel.Publish(_lastNumber, entry.Job, entry.Destination);
        }
    }

    private void OnChannelOpened(PublisherMessage.ChannelOpened opened)
    {
        (_owner, _channel, _maxBodyBytes) = (opened.Owner, opened.Channel, opened.MaxBodyBytes);
        Context.Watch(opened.Owner, new PublisherMessage.ChannelStopped(opened.Owner));
        _lastNumber = 0;
        _blocked = null;
        RejectTooLarge();
        SendWaiting();
    }

    private void OnChannelFailed(TransportFailure failure)
    {
        var wasRefused = failure.Kind is TransportFailureKind.AccessRefused or TransportFailureKind.Refused
            or TransportFailureKind.NotFound or TransportFailureKind.Inequivalent or TransportFailureKind.TooLarge;
        if (failure.LimitBytes is { } limit)
        {
            _maxBodyBytes = limit;
            RejectTooLarge();
        }
        else if (wasRefused)
        {
            _outbox.BlameChannelFailure(failure.Text);
        }

        LoseChannel(failure.Text, wasRefused);
    }

    private void LoseChannel(string why, bool wasRefused)
    {
        (_owner, _channel, _unreachable) = (null, null, why);
        _outbox.TakeBackSent(wasRefused);
    }

    private void RejectTooLarge()
    {
        foreach (var entry in _outbox.Take(entry => entry.Job.Body.Length > _maxBodyBytes))
        {
            entry.Reject(TooLarge(entry.Job));
        }
    }

    private string TooLarge(Job job) =>
        $"The body has {job.Body.Length} bytes; {engine.Transport.Description} takes {_maxBodyBytes}.";

    private void Sweep()
    {
        var clock = Context.Clock;
        var now = clock.GetTimestamp();
        foreach (var entry in _outbox.Take(entry => clock.GetElapsedTime(entry.AddedAt, now) >= entry.Deadline))
        {
            entry.Expire(_blocked is not null ? $"the broker is blocked: {_blocked}"
                : _channel is null ? _unreachable : "no confirm came");
        }

        if (_channel is not null && _blocked is null && _outbox.OldestSentAt is { } oldest
            && clock.GetElapsedTime(oldest, now) >= engine.Options.BrokerDeadline)
        {
            // A channel that confirms nothing may be wedged (the client can hang after a broker restart): a new one.
            _owner!.TryTell(new ChannelMessage.Closed(new TransportFailure(TransportFailureKind.Unreachable,
                $"No confirm came within {engine.Options.BrokerDeadline}.")));
        }

        if (_outbox.IsEmpty)
        {
            _sweeping = false;
            Context.CancelTimer("sweep");
        }
    }
}
