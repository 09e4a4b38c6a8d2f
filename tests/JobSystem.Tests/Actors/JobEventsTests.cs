using Akka.Actor;
using Akka.TestKit;
using JobSystem.Monitoring;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>Events on Akka's event stream: who subscribes hears them, and nobody pays for those unheard.</summary>
public sealed class JobEventsTests
{
    private readonly ActorBench _bench = new();
    private readonly TestProbe _subscriber;
    private readonly JobEvents _events;
    private readonly Job _job = ActorBench.Ours("a") with { Type = "resize", Attempt = 3 };

    public JobEventsTests()
    {
        _subscriber = _bench.Probe();
        _events = new JobEvents("host", _bench.System.EventStream, _bench.Log);
    }

    /// <summary>Guards the private field of Akka's event stream that is looked into.</summary>
    [Fact]
    public void Whether_somebody_listens_is_seen_in_akkas_cache_of_subscribers()
    {
        _events.Started(_job, "work");
        Assert.False(_events.IsListenedTo<JobStarted>());
        _bench.System.EventStream.Subscribe(_subscriber.Ref, typeof(JobEvent));
        Assert.True(_events.IsListenedTo<JobStarted>());
        _events.Started(_job, "work");
        Assert.Equal(new JobStarted("host", _job.Id, "resize", "work", 3), _bench.Expect<JobStarted>(_subscriber));
        Assert.True(_events.IsListenedTo<JobStarted>());

        _bench.System.EventStream.Unsubscribe(_subscriber.Ref);
        _events.Started(_job, "work");
        Assert.False(_events.IsListenedTo<JobStarted>());
    }

    [Fact]
    public void An_event_that_nobody_listens_to_is_not_made()
    {
        void Tell()
        {
            _events.Started(_job, "work");
            _events.Concluded(_job, "work", JobOutcome.Succeeded.Instance, Settlement.Ack.Instance);
        }

        Tell();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 1000; count++)
        {
            Tell();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void A_subscriber_of_one_kind_hears_only_that_kind()
    {
        _bench.System.EventStream.Subscribe(_subscriber.Ref, typeof(JobSucceeded));
        _events.Started(_job, "work");
        _events.Concluded(_job, "work", JobOutcome.Succeeded.Instance, Settlement.Ack.Instance);
        Assert.Equal(new JobSucceeded("host", _job.Id, "resize", "work", 3), _bench.Expect<JobSucceeded>(_subscriber));
        _bench.ExpectNothing(_subscriber);
    }

    [Fact]
    public void Each_end_of_a_run_has_its_event()
    {
        _bench.System.EventStream.Subscribe(_subscriber.Ref, typeof(JobEvent));
        Conclude(new JobOutcome.Failed("broken"), Retry.Exponential());
        Assert.Equal("broken", _bench.Expect<JobFailed>(_subscriber).Error);
        Conclude(new JobOutcome.TimedOut(ActorBench.Second), Retry.Exponential());
        Assert.Contains("00:00:01", _bench.Expect<JobFailed>(_subscriber).Error, StringComparison.Ordinal);
        Conclude(new JobOutcome.Failed("broken"), Retry.None);
        Assert.Equal(FailureReason.AttemptsExhausted, _bench.Expect<JobDeadLettered>(_subscriber).Failure.Reason);
        Conclude(new JobOutcome.NotRetryable("hopeless"), Retry.Exponential());
        Assert.Equal("hopeless", _bench.Expect<JobDeadLettered>(_subscriber).Failure.Error);
        Conclude(JobOutcome.Released.Instance, Retry.Exponential());
        Conclude(JobOutcome.UnknownType.Instance, Retry.Exponential());
        Conclude(JobOutcome.Quarantined.Instance, Retry.Exponential());
        _bench.ExpectNothing(_subscriber);
    }

    [Fact]
    public void A_connection_that_changes_is_told()
    {
        _bench.System.EventStream.Subscribe(_subscriber.Ref, typeof(ConnectionStateChanged));
        var connection = new ConnectionSnapshot("publish", ConnectionState.Down, "gone", 2);
        _events.ConnectionChanged(connection);
        Assert.Equal(
            new ConnectionStateChanged("host", connection), _bench.Expect<ConnectionStateChanged>(_subscriber));
    }

    [Fact]
    public void A_subscriber_that_throws_harms_nobody()
    {
        _bench.System.EventStream.Subscribe(new ThrowingRef(_bench.System), typeof(JobEvent));
        _events.Started(_job, "work");
        _events.Concluded(_job, "work", JobOutcome.Succeeded.Instance, Settlement.Ack.Instance);
        _events.ConnectionChanged(new ConnectionSnapshot("publish", ConnectionState.Up, null, 0));
        Assert.Equal([904, 904, 904], _bench.Log.Lines.Select(line => line.Id));
    }

    private void Conclude(JobOutcome outcome, RetryPolicy retry) => _events.Concluded(
        _job, "work", outcome, SettlementRules.Decide(_job, outcome, new SettlementContext(
            "work", Lane.Work, "bench", retry, TimeSpan.FromMinutes(10), _bench.Simulation.Time.GetUtcNow(), 0)));

    private sealed class ThrowingRef(ActorSystem system) : MinimalActorRef
    {
        public override ActorPath Path => Provider.RootPath / "throws";

        public override IActorRefProvider Provider => ((ExtendedActorSystem)system).Provider;

        protected override void TellInternal(object message, IActorRef sender) =>
            throw new InvalidOperationException("The subscriber failed.");
    }
}
