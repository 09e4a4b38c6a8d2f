using Akka.Actor;
using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>One queue's runner: what runs at a time, what is settled on whom, and what a failed worker costs.</summary>
public sealed class JobRunnerTests
{
    private readonly RunnerBench _bench = new(slots: 2);

    [Fact]
    public void No_more_jobs_run_than_there_are_slots_and_the_next_starts_when_one_ends()
    {
        var consumer = _bench.Consumer();
        var first = _bench.Arrive(consumer, "a");
        _bench.Arrive(consumer, "b");
        _bench.Arrive(consumer, "c");
        Assert.Equal(["a", "b"], _bench.Started.Order());
        Assert.Equal(1, _bench.Snapshot().Waiting);

        _bench.Finish("a");
        _bench.ExpectSettled(consumer, first, ack: true);
        Assert.Equal("c", _bench.Started[^1]);
    }

    [Fact]
    public void A_job_that_the_broker_takes_nowhere_waits_beside_the_others_and_holds_no_slot()
    {
        var consumer = _bench.Consumer();
        var stuck = _bench.Arrive(consumer, "stuck");
        _bench.Arrive(consumer, "b");
        _bench.Runner.Tell(new RunnerMessage.RunIsStuck(0, 1));
        Assert.Equal(new ConsumerMessage.Widen(), _bench.Bench.Expect<ConsumerMessage.Widen>(consumer));

        _bench.Arrive(consumer, "c");
        Assert.Equal("c", _bench.Started[^1]);
        _bench.Arrive(consumer, "d");
        Assert.Equal(3, _bench.Started.Count);

        // Its redelivery on another channel takes the place of the first, which nobody can settle any more.
        _bench.Stop(consumer);
        var next = _bench.Consumer();
        var again = _bench.Arrive(next, "stuck", redelivered: true);
        Assert.Equal(new ConsumerMessage.Widen(), _bench.Bench.Expect<ConsumerMessage.Widen>(next));

        _bench.Finish("stuck");
        _bench.ExpectSettled(next, again, ack: true);
        Assert.Equal(new ConsumerMessage.Narrow(), _bench.Bench.Expect<ConsumerMessage.Narrow>(next));
        _bench.Arrive(next, "e");
        Assert.Equal(3, _bench.Started.Count);
        Assert.NotEqual(stuck, again);
    }

    [Fact]
    public void A_delayed_job_that_the_broker_has_held_runs_in_a_worker_whose_clock_is_ten_minutes_behind()
    {
        var consumer = _bench.Consumer();
        var due = _bench.Bench.Simulation.Time.GetUtcNow().AddMinutes(10);

        _bench.Arrive(consumer, ActorBench.Ours("held") with { DueAt = due }, delayLeft: TimeSpan.Zero);

        Assert.Equal(["held"], _bench.Started);
    }

    [Fact]
    public void A_delayed_job_waits_for_its_next_step_in_a_worker_whose_clock_is_ten_minutes_ahead()
    {
        var consumer = _bench.Consumer();
        var due = _bench.Bench.Simulation.Time.GetUtcNow().AddMinutes(-10);

        _bench.Arrive(consumer, ActorBench.Ours("early") with { DueAt = due }, delayLeft: TimeSpan.FromSeconds(3));

        Assert.Empty(_bench.Started);
        Assert.Equal(
            TimeSpan.FromSeconds(3), _bench.Bench.Expect<PublisherMessage.Publish>(_bench.Publisher).Destination.Delay);
    }

    [Fact]
    public void A_quarantined_job_runs_in_a_slot_of_its_own_and_alone()
    {
        var consumer = _bench.Consumer();
        foreach (var id in new[] { "a", "b" })
        {
            _bench.Arrive(consumer, id);
        }

        _bench.Arrive(consumer, "quarantined", Lane.Quarantine);
        _bench.Arrive(consumer, "other quarantined", Lane.Quarantine);
        Assert.Contains("quarantined", _bench.Started);
        Assert.DoesNotContain("other quarantined", _bench.Started);
        _bench.Finish("a");
        Assert.DoesNotContain("other quarantined", _bench.Started);
        _bench.Finish("quarantined");
        Assert.Contains("other quarantined", _bench.Started);
    }

    [Fact]
    public void Jobs_that_come_one_by_one_are_run_by_one_worker()
    {
        var consumer = _bench.Consumer();
        for (var number = 0; number < 10; number++)
        {
            var tag = _bench.Arrive(consumer, $"{number}");
            _bench.Finish($"{number}");
            _bench.ExpectSettled(consumer, tag, ack: true);
        }

        Assert.Equal(["worker-0"], _bench.Bench.ChildrenOf(_bench.Runner.Actor));
    }

    [Fact]
    public void The_slot_that_was_free_last_is_taken_first()
    {
        var slots = new Slots(first: 5, count: 3);
        Assert.Equal([5, 6, 7, null], [slots.TryTake(), slots.TryTake(), slots.TryTake(), slots.TryTake()]);
        Assert.False(slots.HasFree);
        slots.GiveBack(6);
        slots.GiveBack(5);
        Assert.Equal([5, 6, null], [slots.TryTake(), slots.TryTake(), slots.TryTake()]);
    }

    [Fact]
    public void A_redelivery_of_a_running_job_is_adopted_and_settled_on_its_new_channel_only()
    {
        var old = _bench.Consumer();
        _bench.Arrive(old, "job");
        _bench.Stop(old);
        var fresh = _bench.Consumer();
        var tag = _bench.Arrive(fresh, "job", redelivered: true);
        _bench.Finish("job");
        _bench.ExpectSettled(fresh, tag, ack: true);
        _bench.Bench.ExpectNothing(fresh);
        Assert.Equal(["job"], _bench.Started);
        Assert.Equal(1, _bench.Snapshot().Tally.Adopted);
    }

    [Fact]
    public void A_redelivery_of_a_job_that_ended_after_its_channel_is_acked_without_a_run()
    {
        var old = _bench.Consumer();
        _bench.Arrive(old, "job");
        _bench.Stop(old);
        _bench.Finish("job");
        var fresh = _bench.Consumer();
        _bench.ExpectSettled(fresh, _bench.Arrive(fresh, "job", redelivered: true), ack: true);
        Assert.Equal(["job"], _bench.Started);
        Assert.Equal(1, _bench.Snapshot().Tally.AckedWithoutRun);
    }

    [Fact]
    public void A_settle_that_found_its_consumer_ended_makes_one_redelivery_of_a_foreign_job_an_ack_without_a_run()
    {
        var consumer = _bench.Consumer();
        var tag = _bench.Arrive(consumer, ActorBench.Foreign("1", "alike"));
        _bench.Finish("alike");
        var settle = _bench.Bench.Expect<ConsumerMessage.Settle>(consumer);
        Assert.Equal((tag, true), (settle.Tag, settle.Ack));
        settle.OnReceiverEnded(); // the consumer had ended when it was told
        _bench.Stop(consumer);

        var fresh = _bench.Consumer();
        _bench.ExpectSettled(
            fresh, _bench.Arrive(fresh, ActorBench.Foreign("2", "alike"), redelivered: true), ack: true);
        Assert.Single(_bench.Started);
        _bench.Arrive(fresh, ActorBench.Foreign("3", "alike"), redelivered: true);
        Assert.Equal(2, _bench.Started.Count);
    }

    [Fact]
    public void A_requeue_that_found_its_consumer_ended_is_owed_nothing()
    {
        var consumer = _bench.Consumer();
        _bench.Runner.Tell(new RunnerMessage.SettledTooLate(
            JobKey.Of(ActorBench.Foreign("1", "alike")), Ack: false));
        _bench.Arrive(consumer, ActorBench.Foreign("2", "alike"), redelivered: true);
        Assert.Equal(["alike"], _bench.Started);
    }

    [Fact]
    public void What_waits_for_a_slot_is_forgotten_with_its_channel()
    {
        var consumer = _bench.Consumer();
        foreach (var id in new[] { "a", "b", "waits" })
        {
            _bench.Arrive(consumer, id);
        }

        _bench.Stop(consumer);
        _bench.Finish("a");
        Assert.DoesNotContain("waits", _bench.Started);
        Assert.Equal(0, _bench.Snapshot().Waiting);
    }

    [Fact]
    public void A_failed_worker_is_restarted_alone_its_job_is_requeued_after_a_pause_and_the_other_slots_go_on()
    {
        var consumer = _bench.Consumer();
        var lost = _bench.Arrive(consumer, "lost");
        var other = _bench.Arrive(consumer, "other");
        _bench.Arrive(consumer, "waits");
        var worker = _bench.Worker(0);
        _bench.Bench.Fail<WorkerActor>(worker);

        Assert.Equal([("worker-0", "Restart")],
            _bench.Bench.Failures.Select(failure => (failure.Actor, failure.Decision)));
        Assert.True(_bench.Tokens["lost"].IsCancellationRequested);
        Assert.False(_bench.Tokens["other"].IsCancellationRequested);
        _bench.Bench.RunFor(TimeSpan.FromMilliseconds(99));
        _bench.Bench.ExpectNothing(consumer);
        Assert.DoesNotContain("waits", _bench.Started);

        _bench.Bench.RunFor(TimeSpan.FromMilliseconds(2));
        _bench.ExpectSettled(consumer, lost, ack: false);
        Assert.Equal("waits", _bench.Started[^1]);
        Assert.Same(worker, _bench.Worker(0));
        _bench.Finish("other");
        _bench.ExpectSettled(consumer, other, ack: true);
        Assert.Equal(["worker-0", "worker-1"], _bench.Bench.ChildrenOf(_bench.Runner.Actor));
    }

    [Fact]
    public void A_job_whose_worker_failed_runs_when_it_comes_again()
    {
        var consumer = _bench.Consumer();
        var tag = _bench.Arrive(consumer, "job");
        _bench.Bench.Fail<WorkerActor>(_bench.Worker(0));
        _bench.Bench.RunFor(ActorBench.Second);
        _bench.ExpectSettled(consumer, tag, ack: false);
        _bench.Arrive(consumer, "job", redelivered: true);
        Assert.Equal(["job", "job"], _bench.Started);
    }

    [Fact]
    public void What_a_worker_told_before_its_runner_started_anew_ends_no_run_that_began_after()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var runner = new RunnerBench(slots: 2, seed);
            runner.Arrive(runner.Consumer(), "job");
            var worker = runner.Worker(0);
            runner.Bench.Faults.FailNext<JobRunner>();
            runner.Bench.Faults.FailNext<WorkerActor>();
            runner.Runner.Actor.Tell(new object(), ActorRefs.NoSender);
            worker.Tell(new object(), ActorRefs.NoSender);
            var consumer = runner.Consumer();
            runner.Bench.Faults.FailNext<WorkerActor>(times: 0); // it may have been stopped before it could fail

            var tag = runner.Arrive(consumer, "job", redelivered: true);
            Assert.Equal(["job", "job"], runner.Started);
            runner.Bench.RunFor(TimeSpan.FromMinutes(1));
            runner.Bench.ExpectNothing(consumer);
            runner.Finish("job");
            runner.ExpectSettled(consumer, tag, ack: true);
        }
    }

    [Fact]
    public void A_job_that_fails_its_worker_again_and_again_is_requeued_ever_slower_and_never_forgotten()
    {
        var consumer = _bench.Consumer();
        var pauses = new List<TimeSpan>();
        for (var failure = 1; failure <= 15; failure++)
        {
            var tag = _bench.Arrive(consumer, "job", redelivered: failure > 1);
            _bench.Bench.Fail<WorkerActor>(_bench.Worker(0));
            var before = _bench.Bench.Simulation.Time.Elapsed;
            _bench.Bench.Simulation.RunUntil(() => consumer.HasMessages);
            pauses.Add(_bench.Bench.Simulation.Time.Elapsed - before);
            _bench.ExpectSettled(consumer, tag, ack: false);
        }

        Assert.Equal(TimeSpan.FromMilliseconds(100), pauses[0]);
        Assert.All(pauses, pause => Assert.InRange(pause, pauses[0], TimeSpan.FromSeconds(10)));
        Assert.Contains(pauses, pause => pause > ActorBench.Second);
        Assert.False(ActorBench.HasEnded(_bench.Runner.Actor));
    }
}
