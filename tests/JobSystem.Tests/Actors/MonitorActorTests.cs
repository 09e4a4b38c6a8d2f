using Akka.Actor;
using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The read model: when a process is ready, and what is said of each connection.</summary>
public sealed class MonitorActorTests
{
    private readonly ActorBench _bench = new();
    private readonly TestProbe _runner;
    private readonly TaskCompletionSource _ready = new();
    private readonly List<ConnectionSnapshot> _changes = [];
    private readonly Ref<MonitorMessage> _monitor;

    public MonitorActorTests()
    {
        _runner = _bench.Probe();
        var plan = new MonitorPlan([ConnectionRoles.Consume, ConnectionRoles.Publish], Lanes: 2,
            () => [ActorBench.Ref<RunnerMessage>(_runner)], _ready, _changes.Add, () => 17);
        _monitor = _bench.Start(() => new MonitorActor(_bench.Environment, _bench.Broker, _bench.Observation, plan));
    }

    [Fact]
    public void A_process_is_ready_when_every_lane_is_consumed_and_the_publishers_channel_is_open()
    {
        Consuming(Lane.Work);
        Publishing();
        Assert.False(_ready.Task.IsCompleted);
        Consuming(Lane.Quarantine);
        Assert.True(_ready.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_publish_connection_that_is_lost_before_it_was_ready_does_not_leave_ready_incomplete_for_ever()
    {
        ConsumeEverything();
        Lost(ConnectionRoles.Publish);
        Publishing();
        Assert.True(_ready.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_consume_connection_that_is_lost_before_it_was_ready_does_not_leave_ready_incomplete_for_ever()
    {
        Publishing();
        Consuming(Lane.Work);
        Lost(ConnectionRoles.Consume);
        Tell(new MonitorMessage.ConsumerClosed(SettingsOf(Lane.Work)));
        ConsumeEverything();
        Assert.True(_ready.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_publish_connection_that_is_lost_later_does_not_leave_health_degraded_until_the_other_reconnects()
    {
        ConsumeEverything();
        Publishing();
        Lost(ConnectionRoles.Publish);
        Tell(new MonitorMessage.ChannelClosed());
        Assert.Equal((ConnectionState.Up, ConnectionState.Down), States);
        Publishing();
        Assert.Equal((ConnectionState.Up, ConnectionState.Up), States);
        Assert.Equal([0L, 1L], Snapshot().Connections.Select(connection => connection.Reconnects));

        // One consumer is replaced: its connection is whole again with it, though only this one was opened since.
        Tell(new MonitorMessage.ChannelLost(ConnectionRoles.Consume, new(TransportFailureKind.Cancelled, "deleted")));
        Tell(new MonitorMessage.ConsumerClosed(SettingsOf(Lane.Work)));
        Assert.Equal(ConnectionState.Down, States.Consume);
        Consuming(Lane.Work);
        Assert.Equal((ConnectionState.Up, ConnectionState.Up), States);
    }

    [Fact]
    public void A_process_cannot_publish_any_more_when_its_channel_is_gone()
    {
        Publishing();
        Tell(new MonitorMessage.ChannelLost(ConnectionRoles.Publish, new(TransportFailureKind.Refused, "refused")));
        Tell(new MonitorMessage.ChannelClosed());
        ConsumeEverything();
        Assert.False(_ready.Task.IsCompleted);
        Tell(new MonitorMessage.BlockedChanged(ConnectionRoles.Publish, null));
        Assert.Equal(ConnectionState.Down, States.Publish);
        Publishing();
        Assert.True(_ready.Task.IsCompletedSuccessfully);
        Assert.Equal(ConnectionState.Up, States.Publish);
    }

    [Fact]
    public void Access_that_is_refused_at_first_fails_the_wait_for_ready_and_later_does_not_matter_to_it()
    {
        Lost(ConnectionRoles.Consume, TransportFailureKind.AccessRefused);
        var failed = Assert.IsType<TransportException>(_ready.Task.Exception!.InnerException);
        Assert.Equal(TransportFailureKind.AccessRefused, failed.Failure.Kind);
        ConsumeEverything();
        Publishing();
        Assert.Equal((ConnectionState.Up, ConnectionState.Up), States);
    }

    [Fact]
    public void A_blocked_connection_is_blocked_until_the_broker_says_otherwise()
    {
        Publishing();
        Tell(new MonitorMessage.BlockedChanged(ConnectionRoles.Publish, "low on memory"));
        Publishing();
        Assert.Equal(ConnectionState.Blocked, States.Publish);
        Assert.Equal("low on memory", Snapshot().Connections[1].Reason);
        Tell(new MonitorMessage.BlockedChanged(ConnectionRoles.Publish, null));
        Assert.Equal(ConnectionState.Up, States.Publish);
    }

    [Fact]
    public void A_channel_that_is_replaced_while_the_broker_blocks_does_not_hide_the_block()
    {
        Publishing();
        Tell(new MonitorMessage.BlockedChanged(ConnectionRoles.Publish, "low on memory"));
        Tell(new MonitorMessage.ChannelLost(ConnectionRoles.Publish, new(TransportFailureKind.Refused, "refused")));
        Tell(new MonitorMessage.ChannelClosed());
        Publishing();
        Assert.Equal(ConnectionState.Blocked, States.Publish);
        Lost(ConnectionRoles.Publish);
        Tell(new MonitorMessage.ChannelClosed());
        Publishing();
        Assert.Equal(ConnectionState.Up, States.Publish);
    }

    [Fact]
    public void Every_change_of_a_connection_is_told()
    {
        Publishing();
        Lost(ConnectionRoles.Publish);
        Assert.Equal(
            [(ConnectionState.Up, null), (ConnectionState.Down, "gone")],
            _changes.Select(change => (change.State, change.Reason)));
    }

    [Fact]
    public void A_snapshot_holds_what_the_runners_say_and_is_given_to_all_who_asked_meanwhile()
    {
        Tell(new MonitorMessage.ActorFailed());
        var (first, second) = (_bench.Probe(), _bench.Probe());
        _monitor.Tell(new MonitorMessage.GetSnapshot(ActorBench.Ref<SystemSnapshot>(first)));
        _monitor.Tell(new MonitorMessage.GetSnapshot(ActorBench.Ref<SystemSnapshot>(second)));
        _bench.Expect<RunnerMessage.GetSnapshot>(_runner);
        _bench.ExpectNothing(_runner);
        _bench.ExpectNothing(first);
        Answer();
        var snapshot = _bench.Expect<SystemSnapshot>(first);
        Assert.Same(snapshot, _bench.Expect<SystemSnapshot>(second));
        Assert.Equal((1L, 17L, ActorBench.Queue),
            (snapshot.ActorFailures, snapshot.DeadLetters, Assert.Single(snapshot.Queues).Name));
    }

    [Fact]
    public void Who_asks_a_monitor_that_ends_is_answered()
    {
        var asker = _bench.Probe();
        _monitor.Tell(new MonitorMessage.GetSnapshot(ActorBench.Ref<SystemSnapshot>(asker)));
        _bench.Expect<RunnerMessage.GetSnapshot>(_runner);
        _bench.System.Stop(_monitor.Actor);
        Assert.IsType<InvalidOperationException>(_bench.Expect<Status.Failure>(asker).Cause);
    }

    private (ConnectionState Consume, ConnectionState Publish) States =>
        Snapshot().Connections is [var consume, var publish] ? (consume.State, publish.State) : default;

    private SystemSnapshot Snapshot()
    {
        var asker = _bench.Probe();
        _monitor.Tell(new MonitorMessage.GetSnapshot(ActorBench.Ref<SystemSnapshot>(asker)));
        _bench.Expect<RunnerMessage.GetSnapshot>(_runner);
        Answer();
        return _bench.Expect<SystemSnapshot>(asker);
    }

    private void Answer() =>
        Tell(new MonitorMessage.QueueSeen(new QueueSnapshot(ActorBench.Queue, 2, [], 0, 0, new QueueTally())));

    private static ConsumerSettings SettingsOf(Lane lane) => new(ActorBench.Queue, lane, 2);

    private void Consuming(Lane lane) => Tell(new MonitorMessage.ConsumerOpened(
        SettingsOf(lane), new QueueInfo(ActorBench.Queue, "quorum", true, 0, 1, [])));

    private void ConsumeEverything()
    {
        Consuming(Lane.Work);
        Consuming(Lane.Quarantine);
    }

    private void Publishing() => Tell(new MonitorMessage.ChannelOpened());

    private void Lost(string role, TransportFailureKind kind = TransportFailureKind.Lost) => Tell(
        new MonitorMessage.ConnectionLost(role, new TransportFailure(kind, "gone"), TimeSpan.Zero));

    private void Tell(MonitorMessage message)
    {
        _monitor.Tell(message);
        _bench.Run();
    }
}
