using JobSystem.Actors;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Owns the publisher's channel on one connection: opens it, publishes on it, passes its events on.
/// Promises: nobody else touches the channel; the publisher hears of its confirms only with this ref, so those of an
/// old channel are told apart. Its mailbox is bounded by what the publisher lets be unconfirmed.
/// Ends: with its channel or its connection, never restarted.
/// </summary>
internal sealed class PublisherChannelActor(
    ActorEnvironment environment, BrokerAccess broker, Tenancy tenancy, Ref<PublisherMessage> publisher,
    Ref<MonitorMessage> monitor)
    : TypedActor<ChannelMessage>(environment)
{
    private readonly Opening<IPublisherChannel> _opening = new(broker.Disposals);
    private IPublisherChannel? _channel;

    protected override void PreStart()
    {
        StartTimer("open", broker.Deadline, new ChannelMessage.OpenTimedOut());
        var listener = new Listener(Self, publisher);
        PipeToSelf(
            () => _opening.OpenAsync(() => tenancy.Connection.OpenPublisherAsync(listener)),
            channel => new ChannelMessage.Opened(channel),
            error => new ChannelMessage.OpenFailed(TransportFailure.Of(error)));
    }

    protected override void Receive(ChannelMessage message)
    {
        switch (message)
        {
            case ChannelMessage.Send send:
                _channel!.Publish(send.Number, send.Job, send.Destination);
                break;
            case ChannelMessage.Opened opened:
                Timers.Cancel("open");
                _channel = opened.Channel;
                tenancy.TellOpened();
                publisher.Tell(new PublisherMessage.ChannelOpened(Self, tenancy.Connection.MaxBodyBytes));
                monitor.Tell(new MonitorMessage.ChannelOpened());
                break;
            case ChannelMessage.OpenFailed failed:
                Fail(failed.Failure);
                break;
            case ChannelMessage.OpenTimedOut:
                Fail(broker.Late("Opening a channel to publish"));
                break;
            case ChannelMessage.Closed closed:
                publisher.Tell(new PublisherMessage.ChannelFailed(Self, closed.Failure));
                Fail(closed.Failure);
                break;
            case ChannelMessage.GiveUp late:
                Fail(late.Failure);
                break;
        }
    }

    protected override void PostStop()
    {
        _opening.Abandon();
        if (_channel is not null)
        {
            monitor.Tell(new MonitorMessage.ChannelClosed());
        }
    }

    private void Fail(TransportFailure failure)
    {
        tenancy.TellFailed(failure);
        StopSelf();
    }

    private sealed class Listener(Ref<ChannelMessage> owner, Ref<PublisherMessage> publisher)
        : IPublisherListener
    {
        public void OnConfirmed(ulong number, bool multiple) =>
            publisher.Tell(new PublisherMessage.Confirmed(owner, number, multiple));

        public void OnRejected(ulong number, string reason) =>
            publisher.Tell(new PublisherMessage.Rejected(owner, number, reason));

        public void OnRefused(ulong number, string reason) =>
            publisher.Tell(new PublisherMessage.Rejected(owner, number, reason, IsFinal: true));

        public void OnClosed(TransportFailure failure) => owner.Tell(new ChannelMessage.Closed(failure));
    }
}
