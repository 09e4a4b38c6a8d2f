using JobSystem.Actors;
using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The root of the tree: what becomes of all when one part fails, and when it fails too often.</summary>
public sealed class JobSystemGuardianTests
{
    private static readonly string[] _parts = ["consume", "drain", "monitor", "publisher", "queue-work"];

    private readonly TreeBench _tree = new();

    private ActorBench Bench => _tree.Bench;

    [Fact]
    public void A_tree_has_its_parts_and_is_ready_when_everything_is_open()
    {
        Assert.Equal(_parts, Bench.ChildrenOf(_tree.Host.Guardian));
        Assert.True(_tree.Host.Ready.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData("consume")]
    [InlineData("drain")]
    [InlineData("monitor")]
    [InlineData("publisher")]
    [InlineData("queue-work")]
    public void When_a_part_fails_all_parts_start_anew_together_after_a_pause(string part)
    {
        _tree.Deliver("job");
        var before = _parts.Select(_tree.Part).ToList();
        var (consume, publish) = (_tree.Connection("consume"), _tree.Connection("publish"));
        var consumer = _tree.Consumer;
        Fail(part);
        Bench.RunFor(TimeSpan.FromMilliseconds(99));
        Assert.Equal(2, Bench.Transport.Connections.Count);
        Assert.False(consume.IsDisposed || publish.IsDisposed);
        Assert.False(_tree.Tokens["job"].IsCancellationRequested);

        _tree.RunThroughPause();
        Assert.True(consume.IsDisposed && publish.IsDisposed && consumer.IsDisposed);
        Assert.Equal(4, Bench.Transport.Connections.Count);
        Assert.Equal(before, _parts.Select(_tree.Part));
        Assert.True(_tree.Tokens["job"].IsCancellationRequested);
        Assert.Empty(consumer.Calls); // unsettled: the broker has it
        Assert.Contains(Bench.Log.Lines, line => line.Id == 901);

        _tree.Deliver("job");
        Assert.Equal(["job", "job"], _tree.Started);
        _tree.Finish("job");
        Bench.RunFor(ActorBench.Second);
        Assert.Equal(["ack 1"], _tree.Consumer.Calls);
        Assert.False(_tree.Host.Stopped.IsCompleted);
    }

    [Fact]
    public void What_is_enqueued_in_the_pause_is_published_after_it()
    {
        Fail("monitor");
        var enqueue = _tree.Enqueue("job");
        Bench.RunFor(TimeSpan.FromMilliseconds(99));
        Assert.Empty(_tree.Publisher.Published);
        _tree.RunThroughPause();
        Assert.Single(_tree.Publisher.Published);
        _tree.Publisher.Listener.OnConfirmed(1, multiple: false);
        Assert.IsType<EnqueueResult.Confirmed>(Bench.Simulation.Await(enqueue));
    }

    [Fact]
    public void What_was_sent_and_not_confirmed_when_a_part_failed_is_answered_as_unknown()
    {
        var enqueue = _tree.Enqueue("job");
        Assert.Single(_tree.Publisher.Published);
        Fail("queue-work");
        _tree.RunThroughPause();
        Assert.IsType<EnqueueResult.Unknown>(Bench.Simulation.Await(enqueue));
    }

    [Fact]
    public void Parts_that_fail_too_often_end_the_tree_and_its_host_says_so()
    {
        _tree.Deliver("job");
        for (var restart = 1; restart <= RestartBudget.Default.Max; restart++)
        {
            var connections = Bench.Transport.Connections.Count;
            Fail("monitor");
            Bench.Simulation.RunUntil(() => Bench.Transport.Connections.Count >= connections + 2);
            Bench.Run();
            Assert.False(_tree.Host.Stopped.IsCompleted);
        }

        var (consume, publish) = (_tree.Connection("consume"), _tree.Connection("publish"));
        Fail("monitor");
        Assert.True(_tree.Host.Stopped.IsCompleted);
        Assert.True(_tree.Host.EndedUnasked);
        Assert.True(consume.IsDisposed && publish.IsDisposed);
        Assert.Equal(1, Bench.Log.Lines.Count(line => line.Id == 903));
        Bench.AssertEnded(_tree.Host.Guardian);

        Assert.IsType<EnqueueResult.Rejected>(Bench.Simulation.Await(_tree.Enqueue("late")));
        Assert.Throws<InvalidOperationException>(() => Bench.Simulation.Await(_tree.Host.SnapshotAsync));
        Assert.False(Bench.Simulation.Await(() => _tree.Host.DrainAsync()).IsComplete);
    }

    [Fact]
    public void Parts_that_fail_now_and_then_never_end_the_tree()
    {
        for (var failure = 1; failure <= 30; failure++)
        {
            Fail("drain");
            Bench.RunFor(TimeSpan.FromSeconds(20));
        }

        Assert.False(_tree.Host.Stopped.IsCompleted);
        Assert.Equal(62, Bench.Transport.Connections.Count);
    }

    [Fact]
    public void The_publishers_connection_that_fails_starts_anew_alone()
    {
        var consume = _tree.Connection("consume");
        var publish = _tree.Connection("publish");
        Bench.Fail<ConnectionActor>(Bench.ChildOf(_tree.Part("publisher"), "connection"));
        _tree.RunThroughPause();
        Assert.True(publish.IsDisposed);
        Assert.False(consume.IsDisposed);
        Assert.Equal(3, Bench.Transport.Connections.Count);
    }

    [Fact]
    public void A_consumer_that_fails_costs_its_channel_and_its_running_jobs_are_adopted()
    {
        _tree.Deliver("job");
        var (consumer, consume) = (_tree.Consumer, _tree.Connection("consume"));
        Bench.Fail<ConsumerActor>(Bench.ChildOf(_tree.Part("consume"), "consumer-0"));
        Bench.RunFor(ActorBench.Second);
        Assert.True(consumer.IsDisposed);
        Assert.False(consume.IsDisposed);
        Assert.NotSame(consumer, _tree.Consumer);
        _tree.Deliver("job");
        _tree.Finish("job");
        Bench.RunFor(ActorBench.Second);
        Assert.Equal(["job"], _tree.Started);
        Assert.Equal(["ack 1"], _tree.Consumer.Calls);
        Assert.Empty(consumer.Calls);
    }

    [Fact]
    public void A_worker_that_fails_costs_only_its_own_job_which_goes_back()
    {
        _tree.Deliver("lost");
        _tree.Deliver("other");
        Bench.Fail<WorkerActor>(Bench.ChildOf(_tree.Part("queue-work"), "worker-0"));
        Bench.RunFor(ActorBench.Second);
        Assert.Equal(["requeue 1"], _tree.Consumer.Calls);
        Assert.False(_tree.Tokens["other"].IsCancellationRequested);
        _tree.Finish("other");
        Bench.RunFor(ActorBench.Second);
        Assert.Equal(["requeue 1", "ack 2"], _tree.Consumer.Calls);
        Assert.Equal(2, Bench.Transport.Connections.Count);
        Assert.Equal(1, Bench.Simulation.Await(_tree.Host.SnapshotAsync).ActorFailures);
    }

    [Fact]
    public void A_guardian_that_fails_itself_starts_its_tree_anew_and_does_not_say_that_it_ended()
    {
        Bench.Fail<JobSystemGuardian>(_tree.Host.Guardian);
        _tree.RunThroughPause();
        Assert.False(_tree.Host.Stopped.IsCompleted);
        Assert.Equal(_parts, Bench.ChildrenOf(_tree.Host.Guardian));
        Assert.True(Bench.Transport.Connections[0].IsDisposed && Bench.Transport.Connections[1].IsDisposed);
        Assert.DoesNotContain(Bench.Log.Lines, line => line.Id == 903);
        _ = _tree.Enqueue("job");
        Assert.Single(_tree.Publisher.Published);
    }

    [Fact]
    public void A_subscriber_hears_of_the_jobs_and_connections_of_a_tree()
    {
        var subscriber = Bench.Probe();
        Bench.System.EventStream.Subscribe(subscriber.Ref, typeof(JobEvent));
        _tree.Deliver("job");
        _tree.Finish("job");
        _tree.Connection("publish").Lose();
        Bench.RunFor(ActorBench.Second);
        var told = Bench.Drain<JobEvent>(subscriber);
        Assert.Equal(
            ["JobStarted", "JobSucceeded", "ConnectionStateChanged Down", "ConnectionStateChanged Up"],
            told.Select(each => each is ConnectionStateChanged changed
                ? $"ConnectionStateChanged {changed.Connection.State}" : each.GetType().Name));
        Assert.All(told, each => Assert.Equal("tree", each.Host));
    }

    private void Fail(string part)
    {
        var actor = _tree.Part(part);
        switch (part)
        {
            case "consume":
                Bench.Fail<ConnectionActor>(actor);
                break;
            case "drain":
                Bench.Fail<DrainActor>(actor);
                break;
            case "monitor":
                Bench.Fail<MonitorActor>(actor);
                break;
            case "publisher":
                Bench.Fail<PublisherActor>(actor);
                break;
            default:
                Bench.Fail<JobRunner>(actor);
                break;
        }
    }
}
