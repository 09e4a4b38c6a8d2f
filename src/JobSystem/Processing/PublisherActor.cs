using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Publishes jobs and knows the truth about each: confirmed, rejected or unknown.
/// Receives: publishes (clients, successors of failed jobs), the channel's confirms and rejections, events of channels.
/// Promises: every publish is answered once, at its deadline at the latest; what was not answered when a channel broke
/// is sent again on the next with the same id; at most <see cref="JobSystemOptions.MaxUnconfirmed"/> of clients are on
/// their way; a publish that breaks channels is found and rejected, and its neighbours are not.
/// Its mailbox is bounded by its askers, who wait for their answers.
/// Its connection restarts alone when it fails. Ends: with the tree; what is unanswered then is unknown or rejected,
/// as it was sent or not.
/// </summary>
internal sealed class PublisherActor(
    ActorEnvironment environment, JobSystemOptions options, BrokerAccess broker, Observation observation,
    Ref<MonitorMessage> monitor) : TypedActor<PublisherMessage>(environment)
{
    private static readonly TimeSpan _sweepPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Outbox _outbox = new(options.MaxUnconfirmed);
    private Ref<ChannelMessage>? _channel;
    private long _maxBodyBytes = long.MaxValue;
    private bool _limitWasSaid;
    private ulong _lastNumber;
    private string? _blocked;
    private string _unreachable = "no connection yet";
    private bool _sweeping;
    private Ref<DrainMessage>? _drain;

    protected override SupervisorStrategy SupervisorStrategy() => new GroupSupervision(
        RestartBudget.Default, Directive.Escalate, Environment, () => Random, observation.Failed);

    protected override void PreStart()
    {
        // Its own connection: an alarm at the broker blocks whole connections, and consumers must go on to settle.
        var self = Self;
        var channel = new Tenant("channel", tenancy => ActorProps.Of(
            () => new PublisherChannelActor(Environment, broker, tenancy, self, monitor)));
        Spawn(
            () => new ConnectionActor(
                Environment, broker, observation, monitor, ConnectionRoles.Publish, [channel], self),
            "connection");
    }

    protected override void Receive(PublisherMessage message)
    {
        switch (message)
        {
            case PublisherMessage.Publish publish:
                Accept(publish);
                break;
            case PublisherMessage.Confirmed confirmed when confirmed.Channel == _channel:
                _outbox.Confirm(confirmed.Number, confirmed.Multiple);
                SendWaiting();
                break;
            case PublisherMessage.Rejected rejected when rejected.Channel == _channel:
                _outbox.Reject(rejected.Number, rejected.Reason, rejected.IsFinal);
                SendWaiting();
                break;
            case PublisherMessage.ChannelOpened opened:
                OnChannelOpened(opened);
                break;
            case PublisherMessage.ChannelFailed failed when failed.Channel == _channel:
                OnChannelFailed(failed.Failure);
                break;
            case PublisherMessage.ChannelStopped stopped when stopped.Channel == _channel:
                LoseChannel("the channel was closed", wasRefused: false);
                break;
            case PublisherMessage.BlockedChanged changed:
                _blocked = changed.Reason;
                SendWaiting();
                break;
            case PublisherMessage.ConnectionLost lost:
                (_unreachable, _blocked) = (lost.Failure.Text, null);
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
            _drain.Value.Tell(new DrainMessage.PublisherDrained());
            _drain = null;
        }
    }

    protected override void PostStop()
    {
        foreach (var entry in _outbox.TakeAll())
        {
            entry.Expire("the job system was stopped");
        }
    }

    private void Accept(PublisherMessage.Publish publish)
    {
        var entry = new OutboxEntry(publish);
        if (IsTooLarge(entry))
        {
            entry.Reject(TooLarge(publish.Job));
            return;
        }

        _outbox.Add(entry, Clock.GetTimestamp());
        if (!_sweeping)
        {
            _sweeping = true;
            StartTimer("sweep", _sweepPeriod, PublisherMessage.Sweep.Instance);
        }

        SendWaiting();
    }

    private void SendWaiting()
    {
        var now = Clock.GetTimestamp();
        _outbox.Admit(now);
        while (_channel is { } channel && _blocked is null && _outbox.NextToSend() is { } entry)
        {
            if (IsTooLarge(entry))
            {
                _outbox.RemoveNext();
                entry.Reject(TooLarge(entry.Job));
                continue;
            }

            _outbox.Sent(entry, ++_lastNumber, now);
            channel.Tell(new ChannelMessage.Send(_lastNumber, entry.Job, entry.Destination));
        }
    }

    private void OnChannelOpened(PublisherMessage.ChannelOpened opened)
    {
        if (_channel is not null)
        {
            // Its end is on its way: Akka tells it to the connection first. What it had is not of the new channel.
            LoseChannel("the channel was closed", wasRefused: false);
        }

        (_channel, _maxBodyBytes) = (opened.Channel, opened.MaxBodyBytes);
        Watch(opened.Channel, new PublisherMessage.ChannelStopped(opened.Channel));
        _lastNumber = 0;
        RejectTooLarge();
        SendWaiting();
    }

    private void OnChannelFailed(TransportFailure failure)
    {
        var wasRefused = failure.Kind is TransportFailureKind.AccessRefused or TransportFailureKind.Refused
            or TransportFailureKind.NotFound or TransportFailureKind.Inequivalent or TransportFailureKind.TooLarge;
        if (failure.LimitBytes is { } limit)
        {
            (_maxBodyBytes, _limitWasSaid) = (limit, true);
            RejectTooLarge();
        }
        else if (wasRefused && failure.Kind != TransportFailureKind.NotFound)
        {
            // Not what was missing: somebody has deleted it, and the next channel declares it again.
            _outbox.BlameChannelFailure(failure.Text);
        }

        LoseChannel(failure.Text, wasRefused);
    }

    private void LoseChannel(string why, bool wasRefused)
    {
        (_channel, _unreachable) = (null, why);
        _outbox.TakeBackSent(wasRefused);
    }

    private void RejectTooLarge()
    {
        foreach (var entry in _outbox.Take(IsTooLarge))
        {
            entry.Reject(TooLarge(entry.Job));
        }
    }

    /// <summary>What came from the broker is not refused by a guess of its limit.</summary>
    private bool IsTooLarge(OutboxEntry entry) =>
        entry.Job.Body.Length > _maxBodyBytes && (_limitWasSaid || !entry.IsSuccessor);

    private string TooLarge(Job job) =>
        $"The body has {job.Body.Length} bytes; {broker.Description} takes {_maxBodyBytes}.";

    private void Sweep()
    {
        var clock = Clock;
        var now = clock.GetTimestamp();
        foreach (var entry in _outbox.Take(entry => clock.GetElapsedTime(entry.AdmittedAt, now) >= entry.Deadline))
        {
            entry.Expire(_blocked is not null ? $"the broker is blocked: {_blocked}"
                : _channel is null ? _unreachable : "no confirm came");
        }

        if (_channel is not null && _blocked is null && _outbox.OldestSentAt is { } oldest
            && clock.GetElapsedTime(oldest, now) >= broker.Deadline)
        {
            // A channel that confirms nothing may be wedged (the client can hang after a broker restart): a new one.
            var wedged = _channel.Value;
            LoseChannel($"no confirm came within {broker.Deadline}", wasRefused: false);
            wedged.Tell(new ChannelMessage.GiveUp(broker.Late("A confirm")));
        }

        SendWaiting();
        _sweeping = !_outbox.IsEmpty;
        if (_sweeping)
        {
            StartTimer("sweep", _sweepPeriod, PublisherMessage.Sweep.Instance);
        }
    }
}
