using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The owner of one channel to publish on: what it passes on, and how it ends.</summary>
#pragma warning disable CA1001 // a scripted connection holds nothing
public sealed class PublisherChannelActorTests
#pragma warning restore CA1001
{
    private readonly ActorBench _bench = new(opensAtOnce: false);
    private readonly TestProbe _owner;
    private readonly TestProbe _publisher;
    private readonly TestProbe _monitor;
    private readonly ScriptedConnection _connection = new("publish", null!, opensAtOnce: false);
    private readonly Ref<ChannelMessage> _actor;

    public PublisherChannelActorTests()
    {
        (_owner, _publisher, _monitor) = (_bench.Probe(), _bench.Probe(), _bench.Probe());
        var tenancy = new Tenancy(ActorBench.Ref<ConnectionMessage>(_owner), _connection, Epoch: 2, Index: 0);
        _actor = _bench.Start(() => new PublisherChannelActor(
            _bench.Environment, _bench.Broker, tenancy, ActorBench.Ref<PublisherMessage>(_publisher),
            ActorBench.Ref<MonitorMessage>(_monitor)));
        _bench.Run();
    }

    private ScriptedPublisher Channel => _connection.Publishers[0];

    [Fact]
    public void A_channel_that_opens_is_told_to_the_publisher_with_the_brokers_limit()
    {
        _bench.ExpectNothing(_publisher);
        Channel.Open();
        var opened = _bench.Expect<PublisherMessage.ChannelOpened>(_publisher);
        Assert.Equal(new PublisherMessage.ChannelOpened(_actor, 1000), opened);
        Assert.Equal(new ConnectionMessage.TenantOpened(2, 0), _bench.Expect<ConnectionMessage.TenantOpened>(_owner));
        _bench.Expect<MonitorMessage.ChannelOpened>(_monitor);
    }

    [Fact]
    public void Confirms_and_rejections_name_the_channel_they_are_of()
    {
        Open();
        Channel.Listener.OnConfirmed(3, multiple: true);
        Channel.Listener.OnRejected(4, "full");
        Assert.Equal(
            new PublisherMessage.Confirmed(_actor, 3, true), _bench.Expect<PublisherMessage.Confirmed>(_publisher));
        Assert.Equal(
            new PublisherMessage.Rejected(_actor, 4, "full"), _bench.Expect<PublisherMessage.Rejected>(_publisher));
    }

    [Fact]
    public void A_channel_that_closes_is_told_to_the_publisher_and_the_owner_and_ends_its_actor()
    {
        Open();
        var failure = new TransportFailure(TransportFailureKind.Refused, "no such exchange");
        Channel.Listener.OnClosed(failure);
        Assert.Equal(failure, _bench.Expect<PublisherMessage.ChannelFailed>(_publisher).Failure);
        Assert.Equal(failure, _bench.Expect<ConnectionMessage.TenantFailed>(_owner).Failure);
        _bench.Expect<MonitorMessage.ChannelClosed>(_monitor);
        _bench.AssertEnded(_actor.Actor);
        Assert.True(Channel.IsDisposed);
    }

    [Fact]
    public void A_channel_that_is_given_up_costs_its_connection()
    {
        Open();
        _actor.Tell(new ChannelMessage.GiveUp(_bench.Broker.Late("A confirm")));
        Assert.Equal(TransportFailureKind.Unreachable,
            _bench.Expect<ConnectionMessage.TenantFailed>(_owner).Failure.Kind);
        _bench.AssertEnded(_actor.Actor);
    }

    [Fact]
    public void A_channel_that_does_not_open_in_time_is_disposed_of_when_it_does_and_nobody_hears_of_it()
    {
        _bench.RunFor(_bench.Broker.Deadline);
        Assert.Equal(TransportFailureKind.Unreachable,
            _bench.Expect<ConnectionMessage.TenantFailed>(_owner).Failure.Kind);
        Channel.Open();
        _bench.ExpectNothing(_publisher);
        _bench.ExpectNothing(_monitor);
        Assert.True(Channel.IsDisposed);
    }

    private void Open()
    {
        Channel.Open();
        foreach (var probe in new[] { _owner, _publisher, _monitor })
        {
            _bench.Drain<object>(probe);
        }
    }
}
