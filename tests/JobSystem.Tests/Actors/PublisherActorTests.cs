using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The publisher with its connection and channel: each publish is answered once, with what is true.</summary>
public sealed class PublisherActorTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    private readonly ActorBench _bench;
    private readonly TestProbe _monitor;
    private readonly TestProbe _client;
    private readonly Ref<PublisherMessage> _publisher;

    public PublisherActorTests()
        : this(opensAtOnce: true)
    {
    }

    private PublisherActorTests(bool opensAtOnce)
    {
        _bench = new ActorBench(opensAtOnce);
        (_monitor, _client) = (_bench.Probe(), _bench.Probe());
        _publisher = _bench.Start(() => new PublisherActor(
            _bench.Environment, _bench.Options, _bench.Broker, _bench.Observation,
            ActorBench.Ref<MonitorMessage>(_monitor)), "publisher");
        _bench.Run();
    }

    private ScriptedConnection Connection => _bench.Transport.Last;

    private ScriptedPublisher Channel => Connection.Publishers[^1];

    [Fact]
    public void A_publish_is_sent_once_and_answered_once()
    {
        Publish("a");
        Assert.Equal(["a"], Channel.Ids);
        Channel.Listener.OnConfirmed(1, multiple: false);
        Assert.IsType<EnqueueResult.Confirmed>(Answer().Result);
        Channel.Listener.OnConfirmed(1, multiple: true);
        Channel.Listener.OnRejected(1, "too late");
        _bench.RunFor(_deadline * 2);
        _bench.ExpectNothing(_client);
    }

    [Fact]
    public void A_publish_that_the_broker_refuses_is_rejected_with_the_reason()
    {
        Publish("a");
        Channel.Listener.OnRejected(1, "the queue is full");
        Assert.Equal("the queue is full", Assert.IsType<EnqueueResult.Rejected>(Answer().Result).Reason);
    }

    [Fact]
    public void What_is_unanswered_when_the_connection_breaks_is_sent_again_with_the_same_id_and_answered_once()
    {
        Publish("a");
        Publish("b");
        var old = Channel;
        old.Listener.OnConfirmed(1, multiple: false);
        Assert.IsType<EnqueueResult.Confirmed>(Answer().Result);
        Connection.Lose();
        _bench.RunFor(ActorBench.Second);
        Assert.NotSame(old, Channel);
        Assert.Equal(["b"], Channel.Ids);

        old.Listener.OnConfirmed(2, multiple: false); // of a channel that is gone
        _bench.ExpectNothing(_client);
        Channel.Listener.OnConfirmed(1, multiple: false);
        Assert.Equal(new JobId("b"), Assert.IsType<EnqueueResult.Confirmed>(Answer().Result).Id);
        _bench.ExpectNothing(_client);
    }

    /// <summary>
    /// The new channel numbers from 1 again: a confirm of its first publish must not confirm one of the old channel.
    /// </summary>
    [Fact]
    public void What_a_channel_had_is_sent_again_also_when_the_next_opens_before_its_end_was_heard()
    {
        var test = new PublisherActorTests(opensAtOnce: false);
        var (old, fresh) = (test._bench.Probe(), test._bench.Probe());
        test._publisher.Tell(new PublisherMessage.ChannelOpened(ActorBench.Ref<ChannelMessage>(old), 1000));
        test.Publish("a");
        Assert.Equal(1UL, test._bench.Expect<ChannelMessage.Send>(old).Number);
        test._publisher.Tell(new PublisherMessage.ChannelOpened(ActorBench.Ref<ChannelMessage>(fresh), 1000));
        test._publisher.Tell(new PublisherMessage.ChannelStopped(ActorBench.Ref<ChannelMessage>(old)));
        test.Publish("b");
        Assert.Equal(["1 a", "2 b"], test._bench.Drain<ChannelMessage.Send>(fresh)
            .Select(send => $"{send.Number} {send.Job.Id}"));
        test._publisher.Tell(new PublisherMessage.Confirmed(ActorBench.Ref<ChannelMessage>(fresh), 1, false));
        Assert.Equal(new JobId("a"), test.Answer().Result.Id);
        test._bench.ExpectNothing(test._client);
    }

    [Fact]
    public void A_channel_that_closes_is_replaced_on_the_same_connection_and_its_publishes_are_sent_again()
    {
        Publish("a");
        Publish("b");
        Channel.Listener.OnClosed(new TransportFailure(TransportFailureKind.Lost, "gone"));
        _bench.RunFor(ActorBench.Second);
        Assert.Equal(["a", "b"], Channel.Ids);
    }

    [Fact]
    public void A_publish_to_what_somebody_has_deleted_is_sent_again_where_it_is_declared_anew()
    {
        Publish("a");
        Channel.Listener.OnClosed(new TransportFailure(TransportFailureKind.NotFound, "no exchange 'q.delay.1s'"));
        _bench.RunFor(ActorBench.Second);
        Assert.Equal(["a"], Channel.Ids);
        Channel.Listener.OnConfirmed(1, multiple: false);
        Assert.IsType<EnqueueResult.Confirmed>(Answer().Result);
    }

    [Fact]
    public void A_channel_actor_that_fails_is_replaced_and_its_publishes_are_sent_again()
    {
        Publish("a");
        var connection = _bench.ChildOf(_publisher.Actor, "connection");
        var channel = _bench.ChildOf(connection, "channel");
        _bench.Fail<PublisherChannelActor>(channel);
        _bench.RunFor(ActorBench.Second);
        Assert.Equal((channel.Path.Name, "Stop"), (_bench.Failures[0].Actor, _bench.Failures[0].Decision));
        Assert.Equal(2, Connection.Publishers.Count);
        Assert.Single(_bench.Transport.Connections);
        Assert.Equal(["a"], Channel.Ids);
    }

    [Fact]
    public void A_connection_actor_that_fails_starts_anew_alone_and_no_publish_is_lost()
    {
        Publish("a");
        var connection = _bench.ChildOf(_publisher.Actor, "connection");
        _bench.Fail<ConnectionActor>(connection);
        Assert.StartsWith("restart", _bench.Failures[0].Decision, StringComparison.Ordinal);
        _bench.RunFor(ActorBench.Second);
        Assert.Same(connection, _bench.ChildOf(_publisher.Actor, "connection"));
        Assert.Equal(2, _bench.Transport.Connections.Count);
        Assert.True(_bench.Transport.Connections[0].IsDisposed);
        Assert.Equal(["a"], Channel.Ids);
        Channel.Listener.OnConfirmed(1, multiple: false);
        Assert.IsType<EnqueueResult.Confirmed>(Answer().Result);
    }

    [Fact]
    public void A_connection_actor_that_fails_too_often_makes_its_publisher_fail()
    {
        for (var failure = 1; failure <= RestartBudget.Default.Max + 1; failure++)
        {
            _bench.Fail<ConnectionActor>(_bench.ChildOf(_publisher.Actor, "connection"));
            _bench.Simulation.RunUntil(() => _bench.Failures.Count == failure);
            if (failure <= RestartBudget.Default.Max)
            {
                var connections = _bench.Transport.Connections.Count;
                _bench.Simulation.RunUntil(() => _bench.Transport.Connections.Count > connections);
            }
        }

        Assert.Contains("Escalate", _bench.Failures[^1].Decision, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_that_confirms_nothing_is_given_up_with_its_connection_and_the_publish_goes_again()
    {
        Publish("a");
        _bench.RunFor(TimeSpan.FromSeconds(9.8));
        Assert.Single(_bench.Transport.Connections);
        _bench.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(2, _bench.Transport.Connections.Count);
        Assert.True(_bench.Transport.Connections[0].IsDisposed);
        Assert.Equal(["a"], Channel.Ids);
        Channel.Listener.OnConfirmed(1, multiple: false);
        Assert.IsType<EnqueueResult.Confirmed>(Answer().Result);
    }

    [Fact]
    public void While_the_broker_is_blocked_nothing_is_sent_and_what_was_never_sent_is_rejected_at_its_deadline()
    {
        Connection.Listener.OnBlocked("low on disk");
        _bench.Run();
        Publish("a", TimeSpan.FromSeconds(5));
        Publish("b", _deadline);
        _bench.RunFor(TimeSpan.FromSeconds(5.2));
        Assert.Empty(Channel.Ids);
        var rejected = Assert.IsType<EnqueueResult.Rejected>(Answer().Result);
        Assert.Equal(new JobId("a"), rejected.Id);
        Assert.Contains("low on disk", rejected.Reason, StringComparison.Ordinal);

        Connection.Listener.OnUnblocked();
        _bench.Run();
        Assert.Equal(["b"], Channel.Ids);
    }

    [Fact]
    public void A_block_ends_with_its_connection()
    {
        Connection.Listener.OnBlocked("low on disk");
        _bench.Run();
        Connection.Lose();
        _bench.RunFor(ActorBench.Second);
        Publish("a");
        Assert.Equal(["a"], Channel.Ids);
    }

    [Fact]
    public void A_publish_that_was_sent_and_not_confirmed_is_unknown_at_its_deadline()
    {
        Publish("a", TimeSpan.FromSeconds(5));
        _bench.RunFor(TimeSpan.FromSeconds(5.2));
        Assert.IsType<EnqueueResult.Unknown>(Answer().Result);
        Channel.Listener.OnConfirmed(1, multiple: false);
        _bench.ExpectNothing(_client);
    }

    [Fact]
    public void A_body_that_is_larger_than_the_broker_takes_is_rejected_without_being_sent()
    {
        _publisher.Tell(Message(ActorBench.Ours("big") with { Body = new byte[1001] }, _deadline));
        Assert.IsType<EnqueueResult.Rejected>(Answer().Result);
        Assert.Empty(Channel.Ids);
    }

    [Fact]
    public void A_publisher_that_ends_answers_everything_sent_as_unknown_and_the_rest_as_rejected()
    {
        Publish("sent");
        Connection.Listener.OnBlocked("low on disk");
        _bench.Run();
        Publish("waits");
        _bench.System.Stop(_publisher.Actor);
        Assert.Equal(["Unknown sent", "Rejected waits"], _bench.Drain<PublishAnswered>(_client)
            .Select(answer => answer.Result).Select(result => $"{result.GetType().Name} {result.Id}"));
        Assert.True(Connection.IsDisposed);
    }

    [Fact]
    public void A_publisher_that_fails_answers_what_it_held_and_takes_new_publishes_on_a_new_connection()
    {
        Publish("a");
        _bench.Fail<PublisherActor>(_publisher.Actor); // its parent here restarts at once
        Assert.IsType<EnqueueResult.Unknown>(Answer().Result);
        _bench.RunFor(ActorBench.Second);
        Assert.True(_bench.Transport.Connections[0].IsDisposed);
        Publish("b");
        Assert.Equal(["b"], Channel.Ids);
    }

    [Fact]
    public void A_drain_is_answered_when_nothing_is_on_its_way_any_more()
    {
        var drain = _bench.Probe();
        Publish("a");
        _publisher.Tell(new PublisherMessage.Drain(ActorBench.Ref<DrainMessage>(drain)));
        _bench.ExpectNothing(drain);
        Channel.Listener.OnConfirmed(1, multiple: false);
        _bench.Expect<DrainMessage.PublisherDrained>(drain);
    }

    [Fact]
    public void The_successor_of_a_run_does_not_wait_behind_the_publishes_of_clients()
    {
        for (var number = 0; number < _bench.Options.MaxUnconfirmed; number++)
        {
            Publish($"{number}");
        }

        Publish("queued");
        _publisher.Tell(Message(ActorBench.Ours("successor"), _deadline) with { Run = 5 });
        Channel.Listener.OnConfirmed(1, multiple: false);
        _bench.Run();
        Assert.Equal("successor", Channel.Ids.Last());
    }

    private PublishAnswered Answer() => _bench.Expect<PublishAnswered>(_client);

    private void Publish(string id, TimeSpan? deadline = null)
    {
        _publisher.Tell(Message(ActorBench.Ours(id), deadline ?? _deadline));
        _bench.Run();
    }

    private PublisherMessage.Publish Message(Job job, TimeSpan deadline) => new(
        job, new Destination(ActorBench.Queue), deadline, ActorBench.Ref<PublishAnswered>(_client));
}
