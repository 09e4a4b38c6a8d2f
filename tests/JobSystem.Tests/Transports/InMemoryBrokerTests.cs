using System.Text;
using JobSystem.TestKit;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;
using Xunit;

namespace JobSystem.Tests.Transports;

/// <summary>
/// What the broker in memory does over and above the contract: its faults, and that its time and order come
/// from outside. Nothing here runs on the thread pool: <see cref="_due"/> is the order of events, and the
/// test turns it.
/// </summary>
public sealed partial class InMemoryBrokerTests : IDisposable
{
    private readonly Queue<Action> _due = new();
    private readonly VirtualTime _clock = new();
    private readonly InMemoryBroker _broker;
    private readonly ProbeConnection _connectionProbe = new();
    private readonly ProbePublisher _publisherProbe = new();
    private readonly ProbeConsumer _consumerProbe = new();
    private readonly ITransportConnection _connection;
    private int _numbers;

    public InMemoryBrokerTests()
    {
        _broker = new InMemoryBroker(new InMemoryBrokerOptions
        {
            Post = _due.Enqueue, Clock = _clock, MaxBodyBytes = 100, LongestDelay = TimeSpan.FromMinutes(1),
            ClassicQueues = ["classic"],
        });
        _connection = Now(new InMemoryTransport(_broker).ConnectAsync("test", _connectionProbe));
    }

    public void Dispose()
    {
        _broker.Dispose();
        _publisherProbe.Verify();
        _consumerProbe.Verify();
    }

    [Fact]
    public void Confirms_of_one_turn_come_as_one()
    {
        var calls = new List<(ulong, bool)>();
        var publisher = Now(_connection.OpenPublisherAsync(new Listener(calls)));

        for (ulong number = 1; number <= 3; number++)
        {
            publisher.Publish(number, JobOf("job"), new Destination("q"));
        }

        RunDue();
        Assert.Equal([(3ul, true)], calls);
    }

    [Fact]
    public void A_confirm_that_is_withheld_is_not_spoken_for_by_a_later_one()
    {
        var publisher = OpenPublisher();
        _broker.DelayConfirms(1, TimeSpan.FromSeconds(5));

        Publish(publisher, "late", "in time", "in time");
        RunDue();
        Assert.Equal([2ul, 3ul], _publisherProbe.Confirmed.All);

        _clock.Advance(TimeSpan.FromSeconds(5));
        RunDue();
        Assert.Equal([2ul, 3ul, 1ul], _publisherProbe.Confirmed.All);
        Assert.Equal(3, _broker.ContentOf("q").Ready);
    }

    [Fact]
    public void A_bounded_queue_rejects_what_does_not_fit_and_takes_more_when_there_is_room()
    {
        _broker.LimitLength("q", 2);
        var publisher = OpenPublisher();

        Publish(publisher, "1", "2", "3");
        RunDue();
        Assert.Equal([1ul, 2ul], _publisherProbe.Confirmed.All);
        Assert.Equal([3ul], _publisherProbe.Rejected.All.Select(each => each.Number));
        Assert.Contains("full", _publisherProbe.Rejected.All[0].Reason, StringComparison.Ordinal);

        Consume(prefetch: 1);
        Publish(publisher, "4");
        RunDue();
        Assert.Equal(3, _publisherProbe.Confirmed.Count);
    }

    [Fact]
    public void Rejects_are_for_the_next_publishes_only()
    {
        _broker.RejectPublishes(2, "no reason");
        var publisher = OpenPublisher();

        Publish(publisher, "1", "2", "3");
        RunDue();

        Assert.Equal([(1ul, "no reason"), (2ul, "no reason")], _publisherProbe.Rejected.All);
        Assert.Equal([3ul], _publisherProbe.Confirmed.All);
    }

    [Fact]
    public void Dropped_confirms_leave_the_jobs_stored_and_the_publisher_without_an_answer()
    {
        _broker.DropConfirms(2);
        var publisher = OpenPublisher();

        Publish(publisher, "1", "2", "3");
        RunDue();

        Assert.Empty(_publisherProbe.Confirmed.All);
        Assert.Equal(TransportFailureKind.Lost, _publisherProbe.Closed.All.Single().Kind);
        Assert.Equal(["1", "2"], TextsOf("q"));
    }

    [Fact]
    public void What_is_on_its_way_when_a_connection_is_lost_never_arrives()
    {
        var publisher = OpenPublisher();
        var consumer = Consume(prefetch: 10);
        Publish(publisher, "1");
        RunDue();

        Publish(publisher, "2");
        consumer.Ack(1, multiple: false);
        _broker.CloseAllConnections("an operator");
        RunDue();

        Assert.Equal(["1"], TextsOf("q"));
        Assert.Equal(1, _publisherProbe.Confirmed.Count);
        Assert.Equal(TransportFailureKind.ClosedByOperator, _consumerProbe.Closed.All.Single().Kind);
        Assert.Equal(TransportFailureKind.ClosedByOperator, _connectionProbe.Closed.All.Single().Kind);
        Assert.Equal(new QueueContent(Ready: 1, Unsettled: 0, Delayed: 0, Consumers: 0), _broker.ContentOf("q"));
    }

    [Fact]
    public void A_broker_that_is_down_is_unreachable_and_keeps_what_was_confirmed()
    {
        var publisher = OpenPublisher();
        Consume(prefetch: 1);
        Publish(publisher, "1", "2");
        RunDue();

        _broker.Stop();
        RunDue();
        var error = Assert.Throws<TransportException>(() => Connect());
        Assert.Equal(TransportFailureKind.Unreachable, error.Failure.Kind);

        _broker.Start();
        var again = new ProbeConsumer();
        Consume(prefetch: 10, again, Connect());
        RunDue();
        Assert.Equal([("1", true, 1), ("2", false, 0)], again.Deliveries.All.Select(Facts));
    }

    [Fact]
    public void A_job_that_two_connections_might_take_is_blamed_once_when_both_are_lost()
    {
        var publisher = OpenPublisher();
        Consume(prefetch: 1);
        Publish(publisher, "1");
        RunDue();
        Consume(prefetch: 1, new ProbeConsumer(), Connect());

        _broker.CloseAllConnections("an operator");
        RunDue();

        var again = new ProbeConsumer();
        Consume(prefetch: 1, again, Connect());
        RunDue();
        Assert.Equal([("1", true, 1)], again.Deliveries.All.Select(Facts));
    }

    [Fact]
    public void A_blocked_broker_takes_no_publishes_but_serves_consumers()
    {
        var publisher = OpenPublisher();
        Publish(publisher, "1");
        RunDue();

        _broker.Block("memory");
        Publish(publisher, "2", "3");
        Consume(prefetch: 10);
        RunDue();
        Assert.Equal(["1"], _consumerProbe.Deliveries.All.Select(TextOf));
        Assert.Equal(1, _publisherProbe.Confirmed.Count);
        Assert.Equal(["memory"], _connectionProbe.Blocked.All);

        _broker.Unblock();
        RunDue();
        Assert.Equal(["1", "2", "3"], _consumerProbe.Deliveries.All.Select(TextOf));
        Assert.Equal(3, _publisherProbe.Confirmed.Count);
        Assert.Equal(1, _connectionProbe.Unblocked.Count);
    }

    [Fact]
    public void A_publisher_that_opens_on_a_blocked_broker_is_told()
    {
        _broker.Block("disk");

        OpenPublisher();
        RunDue();

        Assert.Equal(["disk"], _connectionProbe.Blocked.All);
    }

    [Fact]
    public void A_frozen_broker_answers_nothing_and_goes_on_where_it_was()
    {
        var publisher = OpenPublisher();
        _broker.Freeze();

        Publish(publisher, "1");
        var question = _connection.InspectAsync("q");
        RunDue();
        Assert.Empty(_publisherProbe.Confirmed.All);
        Assert.False(question.IsCompleted);

        _broker.Thaw();
        RunDue();
        Assert.Equal([1ul], _publisherProbe.Confirmed.All);
        Assert.True(question.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_cancelled_consumer_gives_back_what_it_held()
    {
        var publisher = OpenPublisher();
        Consume(prefetch: 10);
        Publish(publisher, "1", "2");
        RunDue();

        _broker.CancelConsumers("q");
        RunDue();

        Assert.Equal(TransportFailureKind.Cancelled, _consumerProbe.Closed.All.Single().Kind);
        Assert.Equal(new QueueContent(Ready: 2, Unsettled: 0, Delayed: 0, Consumers: 0), _broker.ContentOf("q"));
        Assert.Empty(_connectionProbe.Closed.All);
    }

    [Fact]
    public void Deleting_a_queue_tells_which_jobs_it_destroyed_even_those_in_hand()
    {
        var publisher = OpenPublisher();
        Consume(prefetch: 1);
        Publish(publisher, "1", "2");
        RunDue();

        var destroyed = _broker.DeleteQueue("q");
        RunDue();

        Assert.Equal(["1", "2"], destroyed.Select(job => Encoding.UTF8.GetString(job.Body.Span)));
        Assert.Empty(TextsOf("q"));
        Assert.Empty(_broker.DeleteQueue("q"));
    }

    [Fact]
    public void Refused_access_is_told_as_such_until_it_is_allowed()
    {
        _broker.RefuseAccess("wrong password");
        var error = Assert.Throws<TransportException>(() => Connect());
        Assert.Equal(
            new TransportFailure(TransportFailureKind.AccessRefused, "wrong password"), error.Failure);

        _broker.AllowAccess();
        Connect();
    }

    [Fact]
    public void A_tag_that_is_not_outstanding_closes_the_channel_as_a_real_broker_does()
    {
        var publisher = OpenPublisher();
        var consumer = Consume(prefetch: 10);
        Publish(publisher, "1");
        RunDue();

        consumer.Ack(1, multiple: false);
        consumer.Ack(1, multiple: false);
        RunDue();

        Assert.Equal(TransportFailureKind.Refused, _consumerProbe.Closed.All.Single().Kind);
        Assert.Equal(1, _broker.Count().ProtocolErrors);
        Assert.Empty(_connectionProbe.Closed.All);
    }

    [Fact]
    public void A_body_that_is_too_large_closes_the_channel_and_tells_the_limit()
    {
        var publisher = OpenPublisher();

        Publish(publisher, new string('x', 101));
        RunDue();

        var failure = _publisherProbe.Closed.All.Single();
        Assert.Equal((TransportFailureKind.TooLarge, 100L), (failure.Kind, failure.LimitBytes));
    }

    [Fact]
    public void Delays_end_by_the_given_clock_and_long_ones_early()
    {
        var publisher = OpenPublisher();
        publisher.Publish(1, JobOf("short"), new Destination("q", Delay: TimeSpan.FromSeconds(10)));
        publisher.Publish(2, JobOf("long"), new Destination("q", Delay: TimeSpan.FromHours(5)));
        RunDue();

        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal(new QueueContent(Ready: 0, Unsettled: 0, Delayed: 2, Consumers: 0), _broker.ContentOf("q"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new QueueContent(Ready: 1, Unsettled: 0, Delayed: 1, Consumers: 0), _broker.ContentOf("q"));
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(["short", "long"], TextsOf("q"));
    }

    [Fact]
    public void A_classic_queue_marks_what_comes_again_and_does_not_count()
    {
        var publisher = OpenPublisher();
        publisher.Publish(1, JobOf("1"), new Destination("classic"));
        RunDue();
        foreach (var isAgain in new[] { false, true })
        {
            var pull = Now(_connection.OpenPullAsync());
            var delivery = Now(pull.GetAsync("classic"))!;
            Assert.Equal((isAgain, null), (delivery.Redelivered, delivery.Losses));
            _ = pull.DisposeAsync().AsTask();
            RunDue();
        }
    }

    [Fact]
    public void A_foreign_job_is_given_another_lineage_with_each_delivery()
    {
        _broker.Put("q", JobOf("1"));
        var first = Consume(prefetch: 1);
        RunDue();
        first.Requeue(1);
        RunDue();

        Assert.Equal(2, _consumerProbe.Deliveries.All.Select(each => each.Job.Lineage).Distinct().Count());
    }

    [Fact]
    public void What_falls_due_while_the_broker_is_down_comes_when_it_is_back()
    {
        var publisher = OpenPublisher();
        publisher.Publish(1, JobOf("late"), new Destination("q", Delay: TimeSpan.FromSeconds(10)));
        RunDue();
        _broker.Stop();

        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _broker.ContentOf("q").Ready);

        _broker.Start();
        Assert.Equal(1, _broker.ContentOf("q").Ready);
    }

    [Fact]
    public void Publishes_that_are_not_numbered_one_by_one_are_a_programmers_error()
    {
        var publisher = OpenPublisher();

        Assert.Throws<ArgumentOutOfRangeException>(() => publisher.Publish(2, JobOf("x"), new Destination("q")));
    }
}
