using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Owns the publisher's channel on one connection: opens it, hands it to the publisher, passes its news on.
/// Promises: the publisher hears of a channel's confirms only with this ref, so those of an old channel are told apart.
/// Ends: with its channel or its connection, never restarted.
/// </summary>
internal sealed class PublisherChannelActor(Engine engine, Tenancy tenancy, ActorRef<PublisherMessage> publisher,
    ActorRef<MonitorMessage> monitor)
    : Actor<ChannelMessage>
{
    private readonly Opening<IPublisherChannel> _opening = new(engine.Disposals);
    private IPublisherChannel? _channel;

    protected override void Starting()
    {
        Context.StartTimer("open", engine.Options.BrokerDeadline, new ChannelMessage.OpenTimedOut());
        var listener = new Listener(Context.Self, publisher);
        Context.PipeToSelf(
            () => _opening.OpenAsync(() => tenancy.Connection.OpenPublisherAsync(listener)),
            channel => new ChannelMessage.Opened(channel),
            error => new ChannelMessage.OpenFailed(Failures.Of(error)));
    }

    protected override void Receive(ChannelMessage message)
    {
        switch (message)
        {
            case ChannelMessage.Opened opened:
                Context.CancelTimer("open");
                _channel = opened.Channel;
                tenancy.TellOpened();
                publisher.Tell(new PublisherMessage.ChannelOpened(
                    Context.Self, opened.Channel, tenancy.Connection.MaxBodyBytes));
                monitor.Tell(new MonitorMessage.ChannelOpened(JobServer.PublishRole));
                break;
            case ChannelMessage.OpenFailed failed:
                Fail(failed.Failure);
                break;
            case ChannelMessage.OpenTimedOut:
                Fail(new TransportFailure(TransportFailureKind.Unreachable,
                    $"Opening a channel to publish took longer than {engine.Options.BrokerDeadline}."));
                break;
            case ChannelMessage.Closed closed:
                publisher.Tell(new PublisherMessage.ChannelFailed(Context.Self, closed.Failure));
                Fail(closed.Failure);
                break;
        }
    }

    protected override void Stopped() => _opening.Abandon();

    private void Fail(TransportFailure failure)
    {
        tenancy.TellFailed(failure);
        Context.StopSelf();
    }

    private sealed class Listener(ActorRef<ChannelMessage> owner, ActorRef<PublisherMessage> publisher)
        : IPublisherListener
    {
        public void OnConfirmed(ulong number, bool multiple) =>
            publisher.Tell(new PublisherMessage.Confirmed(owner, number, multiple));

        public void OnRejected(ulong number, string reason) =>
            publisher.Tell(new PublisherMessage.Rejected(owner, number, reason));

        public void OnClosed(TransportFailure failure) => owner.TryTell(new ChannelMessage.Closed(failure));
    }
}
