using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>One channel that consumes: what it passes on, which acks go out together, and how it ends.</summary>
#pragma warning disable CA1001 // a scripted connection holds nothing
public sealed class ConsumerActorTests
#pragma warning restore CA1001
{
    private readonly ActorBench _bench = new(opensAtOnce: false);
    private readonly TestProbe _owner;
    private readonly TestProbe _runner;
    private readonly TestProbe _monitor;
    private readonly ScriptedConnection _connection = new("consume", null!, opensAtOnce: false);
    private Ref<ConsumerMessage> _consumer;

    public ConsumerActorTests() => (_owner, _runner, _monitor) = (_bench.Probe(), _bench.Probe(), _bench.Probe());

    private ScriptedConsumer Channel => _connection.Consumers[0];

    [Fact]
    public void A_consumer_tells_its_runner_that_it_is_there_before_its_first_delivery_and_its_owner_when_it_is_open()
    {
        Start(prefetch: 2);
        Assert.Equal(_consumer, _bench.Expect<RunnerMessage.ConsumerStarted>(_runner).Consumer);
        Channel.Deliver(ActorBench.Ours("early"));
        var arrival = _bench.Expect<RunnerMessage.JobArrived>(_runner).Arrival;
        Assert.Equal((_consumer, 1UL, Lane.Work), (arrival.Consumer, arrival.Delivery.Tag, arrival.Lane));
        _bench.ExpectNothing(_owner);

        Channel.Open();
        Assert.Equal(new ConnectionMessage.TenantOpened(4, 2), _bench.Expect<ConnectionMessage.TenantOpened>(_owner));
        _bench.Expect<MonitorMessage.ConsumerOpened>(_monitor);
    }

    [Fact]
    public void An_ack_that_comes_before_the_channel_is_open_goes_out_when_it_is()
    {
        Start(prefetch: 1);
        Channel.Deliver(ActorBench.Ours("1"));
        Settle(1);
        _bench.RunFor(ActorBench.Second);
        Assert.Empty(Channel.Calls);
        Channel.Open();
        _bench.Run();
        Assert.Equal(["ack 1"], Channel.Calls);
    }

    [Fact]
    public void Acks_of_deliveries_in_a_row_that_come_together_go_out_as_one()
    {
        Open(prefetch: 4, deliveries: 4);
        Settle(2, 1, 3, 4);
        _bench.Run();
        Assert.Equal(["ack to 4"], Channel.Calls);
    }

    [Fact]
    public void An_ack_behind_a_running_job_goes_out_alone_and_waits_for_nobody_where_slots_are_few()
    {
        Open(prefetch: 4, deliveries: 3);
        Settle(2);
        _bench.Run();
        Assert.Equal(["ack 2"], Channel.Calls);
    }

    [Fact]
    public void Where_slots_are_many_an_ack_waits_for_others_a_millisecond_at_most()
    {
        Open(prefetch: 64, deliveries: 10);
        Settle(1);
        _bench.Run();
        Assert.Empty(Channel.Calls);
        _bench.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["ack 1"], Channel.Calls);
    }

    [Fact]
    public void What_is_requeued_is_not_acked_with_its_neighbours()
    {
        Open(prefetch: 3, deliveries: 3);
        _consumer.Tell(Settled(2, ack: false));
        Settle(1, 3);
        _bench.Run();
        Assert.Equal("requeue 2", Channel.Calls[0]);
        Assert.Equal(["ack to 3"], Channel.Calls[1..]);
    }

    [Fact]
    public void A_cancel_reaches_the_channel_and_its_end_reaches_the_runner()
    {
        Open(prefetch: 1, deliveries: 0);
        _consumer.Tell(new ConsumerMessage.Cancel());
        _bench.ExpectNothing(_runner);
        Assert.Equal(["cancel"], Channel.Calls);
        Channel.EndCancel();
        Assert.Equal(_consumer, _bench.Expect<RunnerMessage.ConsumerCancelled>(_runner).Consumer);
    }

    [Fact]
    public void A_cancel_that_comes_before_the_channel_is_open_is_made_up_for()
    {
        Start(prefetch: 1);
        _consumer.Tell(new ConsumerMessage.Cancel());
        _bench.Run();
        Channel.Open();
        _bench.Run();
        Assert.Equal(["cancel"], Channel.Calls);
    }

    [Fact]
    public void Finish_hands_every_ack_to_the_channel_before_it_is_answered()
    {
        Open(prefetch: 64, deliveries: 3);
        Settle(1, 3);
        _consumer.Tell(new ConsumerMessage.Finish());
        _bench.Expect<RunnerMessage.ConsumerFinished>(_runner);
        Assert.Equal(["ack 3", "ack 1"], Channel.Calls);
    }

    [Fact]
    public void A_channel_that_closes_ends_its_consumer_which_tells_its_owner_why()
    {
        Open(prefetch: 1, deliveries: 0);
        var failure = new TransportFailure(TransportFailureKind.Cancelled, "queue deleted");
        Channel.Listener.OnClosed(failure);
        Assert.Equal(
            new ConnectionMessage.TenantFailed(4, 2, failure), _bench.Expect<ConnectionMessage.TenantFailed>(_owner));
        _bench.Expect<MonitorMessage.ConsumerClosed>(_monitor);
        _bench.AssertEnded(_consumer.Actor);
        Assert.True(Channel.IsDisposed);
    }

    /// <summary>Akka tells the connection first, which may open the next before the runner is told.</summary>
    [Fact]
    public void A_consumer_that_ends_tells_its_runner_itself_after_everything_else()
    {
        Open(prefetch: 1, deliveries: 0);
        Channel.Deliver(ActorBench.Ours("last"));
        Channel.Listener.OnClosed(new TransportFailure(TransportFailureKind.Lost, "gone"));
        _bench.Expect<RunnerMessage.JobArrived>(_runner);
        Assert.Equal(_consumer, _bench.Expect<RunnerMessage.ConsumerStopped>(_runner).Consumer);
    }

    [Fact]
    public void A_channel_that_does_not_open_in_time_ends_its_consumer_and_is_disposed_of_when_it_opens()
    {
        Start(prefetch: 1);
        _bench.RunFor(_bench.Broker.Deadline);
        var failed = _bench.Expect<ConnectionMessage.TenantFailed>(_owner);
        Assert.Equal(TransportFailureKind.Unreachable, failed.Failure.Kind);
        _bench.AssertEnded(_consumer.Actor);
        Channel.Open();
        _bench.Run();
        Assert.True(Channel.IsDisposed);
        _bench.ExpectNothing(_monitor);
    }

    [Fact]
    public void A_channel_that_is_refused_ends_its_consumer_with_the_reason()
    {
        Start(prefetch: 1);
        Channel.Refuse(TransportFailureKind.NotFound, "no such queue");
        Assert.Equal("no such queue", _bench.Expect<ConnectionMessage.TenantFailed>(_owner).Failure.Text);
        _bench.AssertEnded(_consumer.Actor);
    }

    private void Start(int prefetch)
    {
        var tenancy = new Tenancy(ActorBench.Ref<ConnectionMessage>(_owner), _connection, Epoch: 4, Index: 2);
        _consumer = _bench.Start(() => new ConsumerActor(
            _bench.Environment, _bench.Broker, tenancy, new ConsumerSettings(ActorBench.Queue, Lane.Work, prefetch),
            ActorBench.Ref<RunnerMessage>(_runner), ActorBench.Ref<MonitorMessage>(_monitor)));
        _bench.Run();
    }

    /// <summary>Opens, delivers, and lets the probes forget it.</summary>
    private void Open(int prefetch, int deliveries)
    {
        Start(prefetch);
        Channel.Open();
        for (var number = 1; number <= deliveries; number++)
        {
            Channel.Deliver(ActorBench.Ours($"{number}"));
        }

        foreach (var probe in new[] { _owner, _runner, _monitor })
        {
            _bench.Drain<object>(probe);
        }
    }

    private void Settle(params ulong[] tags)
    {
        foreach (var tag in tags)
        {
            _consumer.Tell(Settled(tag, ack: true));
        }
    }

    private ConsumerMessage.Settle Settled(ulong tag, bool ack) =>
        new(tag, ack, default, ActorBench.Ref<RunnerMessage>(_runner));
}
