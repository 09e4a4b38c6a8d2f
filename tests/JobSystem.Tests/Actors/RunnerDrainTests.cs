using JobSystem.Monitoring;
using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The order in which a runner drains: each step waits for the one before.</summary>
public sealed class RunnerDrainTests
{
    private readonly RunnerBench _bench = new(slots: 1);

    [Fact]
    public void A_runner_drains_in_order_cancel_requeue_run_settle_finish_and_only_then_says_so()
    {
        var consumer = _bench.Consumer();
        var runs = _bench.Arrive(consumer, "runs");
        var waits = _bench.Arrive(consumer, "waits");
        _bench.BeginDrain();
        _bench.Bench.Expect<ConsumerMessage.Cancel>(consumer);
        _bench.Bench.ExpectNothing(consumer);

        _bench.Runner.Tell(new RunnerMessage.ConsumerCancelled(ActorBench.Ref<ConsumerMessage>(consumer)));
        _bench.ExpectSettled(consumer, waits, ack: false);
        Assert.Equal(FateKind.NotStarted, _bench.Bench.Expect<DrainMessage.JobDrained>(_bench.Drain).Fate.Kind);
        _bench.Bench.ExpectNothing(_bench.Drain);

        _bench.Finish("runs");
        _bench.ExpectSettled(consumer, runs, ack: true);
        _bench.Bench.Expect<ConsumerMessage.Finish>(consumer);
        Assert.Equal(FateKind.Finished, _bench.Bench.Expect<DrainMessage.JobDrained>(_bench.Drain).Fate.Kind);
        _bench.Bench.ExpectNothing(_bench.Drain);

        _bench.Runner.Tell(new RunnerMessage.ConsumerFinished(ActorBench.Ref<ConsumerMessage>(consumer)));
        Assert.Equal(_bench.Runner, _bench.Bench.Expect<DrainMessage.RunnerDrained>(_bench.Drain).Runner);
        Assert.Equal(["runs"], _bench.Started);
    }

    [Fact]
    public void A_runner_without_a_consumer_and_without_a_run_is_drained_at_once()
    {
        _bench.BeginDrain();
        _bench.Bench.Expect<DrainMessage.RunnerDrained>(_bench.Drain);
    }

    [Fact]
    public void A_consumer_that_ends_in_a_drain_is_not_waited_for()
    {
        var consumer = _bench.Consumer();
        _bench.BeginDrain();
        _bench.Bench.ExpectNothing(_bench.Drain);
        _bench.Stop(consumer);
        _bench.Bench.Expect<DrainMessage.RunnerDrained>(_bench.Drain);
    }

    [Fact]
    public void A_consumer_that_starts_in_a_drain_is_cancelled_and_what_it_delivers_does_not_run()
    {
        _bench.Arrive(_bench.Consumer(), "runs");
        _bench.BeginDrain();
        var late = _bench.Consumer();
        _bench.Bench.Expect<ConsumerMessage.Cancel>(late);
        var tag = _bench.Arrive(late, "new");
        _bench.Bench.ExpectNothing(late);
        _bench.Runner.Tell(new RunnerMessage.ConsumerCancelled(ActorBench.Ref<ConsumerMessage>(late)));
        _bench.ExpectSettled(late, tag, ack: false);
        Assert.Equal(["runs"], _bench.Started);
    }

    [Fact]
    public void Runs_that_are_cancelled_go_back_and_are_told_with_their_fate()
    {
        var consumer = _bench.Consumer();
        var tag = _bench.Arrive(consumer, "runs");
        _bench.BeginDrain();
        _bench.Bench.Expect<ConsumerMessage.Cancel>(consumer);
        _bench.Runner.Tell(new RunnerMessage.CancelRuns());
        _bench.ExpectSettled(consumer, tag, ack: false);
        Assert.Equal(FateKind.GivenBack, _bench.Bench.Expect<DrainMessage.JobDrained>(_bench.Drain).Fate.Kind);
    }

    [Fact]
    public void A_job_whose_worker_fails_in_a_drain_is_requeued_without_a_pause()
    {
        var consumer = _bench.Consumer();
        var tag = _bench.Arrive(consumer, "job");
        _bench.BeginDrain();
        _bench.Bench.Expect<ConsumerMessage.Cancel>(consumer);
        _bench.Bench.Fail<WorkerActor>(_bench.Worker(0));
        _bench.ExpectSettled(consumer, tag, ack: false);
        Assert.Equal(FateKind.GivenBack, _bench.Bench.Expect<DrainMessage.JobDrained>(_bench.Drain).Fate.Kind);
    }

    [Fact]
    public void At_the_end_of_the_patience_a_runner_names_what_still_runs()
    {
        _bench.Arrive(_bench.Consumer(), "runs");
        _bench.Runner.Tell(new RunnerMessage.GiveUp(ActorBench.Ref<DrainMessage>(_bench.Drain)));
        var fate = Assert.Single(_bench.Bench.Expect<DrainMessage.Abandoned>(_bench.Drain).Fates);
        Assert.Equal((new JobId("runs"), FateKind.Abandoned), (fate.Id, fate.Kind));
    }
}
