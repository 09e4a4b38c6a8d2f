using Akka.Actor;
using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Processing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>One slot: when it says that its run has ended, and what cannot make it say so.</summary>
public sealed class WorkerActorTests
{
    private readonly ActorBench _bench = new();
    private readonly TestProbe _runner;
    private readonly TestProbe _publisher;
    private readonly Ref<IWorkerMessage> _worker;

    public WorkerActorTests()
    {
        (_runner, _publisher) = (_bench.Probe(), _bench.Probe());
        _worker = _bench.Start(() => new WorkerActor(
            _bench.WorkerSettings, 7, ActorBench.Ref<PublisherMessage>(_publisher),
            ActorBench.Ref<RunnerMessage>(_runner)));
    }

    [Fact]
    public void A_run_that_succeeds_is_told_once_and_publishes_nothing()
    {
        Begin(1, (_, _) => Task.CompletedTask);
        var ended = _bench.Expect<RunnerMessage.RunEnded>(_runner);
        Assert.Equal((7, 1L), (ended.Slot, ended.Run));
        Assert.IsType<JobOutcome.Succeeded>(ended.Outcome);
        Assert.IsType<Settlement.Ack>(ended.Settlement);
        _bench.ExpectNothing(_runner);
        _bench.ExpectNothing(_publisher);
    }

    [Fact]
    public void A_run_that_failed_is_told_only_after_its_successor_is_confirmed()
    {
        Begin(1, (_, _) => throw new InvalidOperationException("broken"));
        var publish = _bench.Expect<PublisherMessage.Publish>(_publisher);
        Assert.Equal((2, 1, 1L), (publish.Job.Attempt, publish.Job.Epoch, publish.Run));
        _bench.ExpectNothing(_runner);

        publish.Answer(new EnqueueResult.Confirmed(publish.Job.Id));
        Assert.IsType<Settlement.Replace>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
        publish.Answer(new EnqueueResult.Confirmed(publish.Job.Id));
        _bench.ExpectNothing(_runner);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_successor_that_is_not_confirmed_is_published_again_after_a_pause(bool isUnknown)
    {
        Begin(1, (_, _) => throw new InvalidOperationException("broken"));
        var first = _bench.Expect<PublisherMessage.Publish>(_publisher);
        first.Answer(isUnknown
            ? new EnqueueResult.Unknown(first.Job.Id, "late") : new EnqueueResult.Rejected(first.Job.Id, "full"));
        _bench.RunFor(TimeSpan.FromSeconds(4.9));
        _bench.ExpectNothing(_publisher);
        _bench.ExpectNothing(_runner);

        _bench.RunFor(ActorBench.Second);
        var second = _bench.Expect<PublisherMessage.Publish>(_publisher);
        Assert.Same(first.Job, second.Job);
        second.Answer(new EnqueueResult.Confirmed(second.Job.Id));
        _bench.Expect<RunnerMessage.RunEnded>(_runner);
    }

    [Fact]
    public void A_retry_that_the_broker_refuses_for_good_becomes_a_dead_letter_at_once_and_frees_the_slot()
    {
        Begin(1, (_, _) => throw new InvalidOperationException("broken"));
        Refuse(_bench.Expect<PublisherMessage.Publish>(_publisher), "queue limit in vhost is reached");

        var dead = _bench.Expect<PublisherMessage.Publish>(_publisher);
        Assert.Equal(Lane.Dead, dead.Destination.Lane);
        Assert.Equal(FailureReason.MoveRefused, dead.Job.Failure!.Reason);
        Assert.Contains("queue limit in vhost", dead.Job.Failure.Error, StringComparison.Ordinal);
        _bench.ExpectNothing(_runner);

        dead.Answer(new EnqueueResult.Confirmed(dead.Job.Id));
        Assert.IsType<Settlement.Replace>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_dead_letter_that_the_broker_refuses_for_good_is_rejected_only_where_that_loses_nothing(bool can)
    {
        Begin(1, (_, _) => throw new InvalidOperationException("broken"), canBeRejected: can);
        Refuse(_bench.Expect<PublisherMessage.Publish>(_publisher), "too large");
        Refuse(_bench.Expect<PublisherMessage.Publish>(_publisher), "too large");

        if (can)
        {
            Assert.IsType<Settlement.Reject>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
        }
        else
        {
            // Nobody waits for it, and it is named once however often it is tried.
            Assert.Equal(new RunnerMessage.RunIsStuck(7, 1), _bench.Expect<RunnerMessage.RunIsStuck>(_runner));
            _bench.RunFor(TimeSpan.FromSeconds(30));
            Refuse(_bench.Expect<PublisherMessage.Publish>(_publisher), "too large");
            _bench.RunFor(TimeSpan.FromSeconds(30));
            var dead = _bench.Expect<PublisherMessage.Publish>(_publisher);
            _bench.ExpectNothing(_runner);
            Assert.Single(_bench.Log.Lines, line => line.Id == 404);

            dead.Answer(new EnqueueResult.Confirmed(dead.Job.Id));
            Assert.IsType<Settlement.Replace>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
        }
    }

    [Fact]
    public void A_job_is_called_a_dead_letter_only_after_the_broker_has_confirmed_it()
    {
        Begin(1, (_, _) => throw new JobNotRetryableException("hopeless"));
        var dead = _bench.Expect<PublisherMessage.Publish>(_publisher);
        Assert.DoesNotContain(
            _bench.Log.Lines, line => line.Text.Contains("is a dead letter", StringComparison.Ordinal));

        dead.Answer(new EnqueueResult.Confirmed(dead.Job.Id));
        _bench.Expect<RunnerMessage.RunEnded>(_runner);
        Assert.Contains(_bench.Log.Lines, line => line.Text.Contains("is a dead letter", StringComparison.Ordinal));
    }

    private static void Refuse(PublisherMessage.Publish publish, string why) =>
        publish.Answer(new EnqueueResult.Rejected(publish.Job.Id, why) { IsFinal = true });

    [Fact]
    public void A_late_message_of_an_earlier_run_changes_nothing()
    {
        Begin(1, (_, _) => Task.CompletedTask);
        _bench.Expect<RunnerMessage.RunEnded>(_runner);
        var second = new TaskCompletionSource();
        CancellationToken token = default;
        Begin(2, (_, cancel) =>
        {
            token = cancel;
            return second.Task;
        });
        _bench.Run();
        foreach (var late in new IWorkerMessage[]
        {
            LateEndOf(1), new WorkerMessage.TimeIsUp(1),
            new WorkerMessage.Cancel(1), new WorkerMessage.GraceIsOver(1), new WorkerMessage.ConfirmIsLate(1),
            new WorkerMessage.PublishSuccessor(1), new PublishAnswered(1, new EnqueueResult.Confirmed(new JobId("1"))),
        })
        {
            _worker.Tell(late);
        }

        _bench.ExpectNothing(_runner);
        _bench.ExpectNothing(_publisher);
        Assert.False(token.IsCancellationRequested);
        second.SetResult();
        Assert.Equal(2, _bench.Expect<RunnerMessage.RunEnded>(_runner).Run);
        Assert.Empty(_bench.Failures);
    }

    private static JobRun LateEndOf(long run)
    {
        var job = new Job { Id = new JobId("late") };
        return new JobRun(
            new WorkerMessage.Begin(run, job, Lane.Work, null, null),
            new JobContext(job, "q", NullLogger.Instance), ActorRefs.Nobody);
    }

    [Fact]
    public void A_run_that_takes_too_long_is_cancelled_and_counts_as_timed_out_when_it_obeys()
    {
        Begin(1, UntilCancelled, timeout: TimeSpan.FromSeconds(5), retry: Retry.None);
        _bench.RunFor(TimeSpan.FromSeconds(4.9));
        _bench.ExpectNothing(_publisher);
        _bench.RunFor(TimeSpan.FromSeconds(0.2));
        var publish = _bench.Expect<PublisherMessage.Publish>(_publisher);
        Assert.Equal(FailureReason.TimedOut, publish.Job.Failure!.Reason);
        Assert.Equal(Lane.Dead, publish.Destination.Lane);
    }

    [Fact]
    public void A_cancelled_run_that_obeys_is_requeued_without_blame()
    {
        Begin(1, UntilCancelled);
        _bench.Run();
        _worker.Tell(new WorkerMessage.Cancel(1));
        var ended = _bench.Expect<RunnerMessage.RunEnded>(_runner);
        Assert.IsType<JobOutcome.Released>(ended.Outcome);
        Assert.IsType<Settlement.Requeue>(ended.Settlement);
    }

    [Fact]
    public void A_cancelled_run_that_still_succeeds_has_succeeded()
    {
        var work = new TaskCompletionSource();
        Begin(1, (_, _) => work.Task);
        _worker.Tell(new WorkerMessage.Cancel(1));
        _bench.RunFor(ActorBench.Second);
        _bench.ExpectNothing(_runner);
        work.SetResult();
        Assert.IsType<JobOutcome.Succeeded>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Outcome);
    }

    [Fact]
    public void A_handler_that_ignores_its_token_loses_its_slot_after_the_grace_and_its_late_result_is_ignored()
    {
        var ignorant = new TaskCompletionSource();
        Begin(1, (_, _) => ignorant.Task);
        _bench.Run();
        _worker.Tell(new WorkerMessage.Cancel(1));
        _bench.RunFor(_bench.Options.CancelGrace - TimeSpan.FromMilliseconds(1));
        _bench.ExpectNothing(_runner);
        _bench.RunFor(TimeSpan.FromMilliseconds(2));
        Assert.IsType<Settlement.Requeue>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
        Assert.Contains(_bench.Log.Lines, line => line.Id == 308);

        var next = new TaskCompletionSource();
        Begin(2, (_, _) => next.Task);
        ignorant.SetResult();
        _bench.ExpectNothing(_runner);
        next.SetResult();
        Assert.Equal(2, _bench.Expect<RunnerMessage.RunEnded>(_runner).Run);
    }

    [Fact]
    public void A_second_cancel_does_not_prolong_the_grace()
    {
        Begin(1, (_, _) => new TaskCompletionSource().Task);
        _worker.Tell(new WorkerMessage.Cancel(1));
        _bench.RunFor(TimeSpan.FromSeconds(2));
        _worker.Tell(new WorkerMessage.Cancel(1));
        _bench.RunFor(TimeSpan.FromSeconds(1.1));
        _bench.Expect<RunnerMessage.RunEnded>(_runner);
    }

    [Fact]
    public void What_a_handler_registers_on_its_token_may_throw()
    {
        Begin(1, async (_, cancel) =>
        {
            cancel.Register(() => throw new InvalidOperationException("in the callback"));
            await UntilCancelled(null!, cancel);
        });
        _bench.Run();
        _worker.Tell(new WorkerMessage.Cancel(1));
        Assert.IsType<Settlement.Requeue>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
        Assert.Contains(_bench.Log.Lines, line => line.Id == 309);
        _bench.ExpectNothing(_runner);
    }

    [Fact]
    public void A_drain_waits_for_the_confirm_of_a_successor_no_longer_than_the_grace()
    {
        Begin(1, (_, _) => throw new InvalidOperationException("broken"));
        _bench.Expect<PublisherMessage.Publish>(_publisher);
        _worker.Tell(new WorkerMessage.Cancel(1));
        _bench.RunFor(TimeSpan.FromSeconds(2.9));
        _bench.ExpectNothing(_runner);
        _bench.RunFor(TimeSpan.FromSeconds(0.2));
        Assert.IsType<Settlement.Requeue>(_bench.Expect<RunnerMessage.RunEnded>(_runner).Settlement);
        _bench.RunFor(TimeSpan.FromMinutes(1));
        _bench.ExpectNothing(_publisher);
    }

    [Fact]
    public void A_delivery_that_is_judged_already_is_not_run()
    {
        _worker.Tell(new WorkerMessage.Begin(
            1, ActorBench.Ours("1"), Lane.Work, null, JobOutcome.Quarantined.Instance));
        var publish = _bench.Expect<PublisherMessage.Publish>(_publisher);
        Assert.Equal(Lane.Quarantine, publish.Destination.Lane);
    }

    [Fact]
    public void A_worker_that_fails_tells_which_run_is_lost_cancels_its_token_and_takes_the_next()
    {
        CancellationToken token = default;
        Begin(3, async (_, cancel) =>
        {
            token = cancel;
            await UntilCancelled(null!, cancel);
        });
        _bench.Run();
        Assert.False(token.IsCancellationRequested);
        _bench.Fail<WorkerActor>(_worker.Actor);
        Assert.Equal(new RunnerMessage.WorkerFailed(7, 3), _bench.Expect<RunnerMessage.WorkerFailed>(_runner));
        Assert.True(token.IsCancellationRequested);
        _bench.ExpectNothing(_runner); // the result of the lost run, of an instance that is gone

        Begin(4, (_, _) => Task.CompletedTask);
        Assert.Equal(4, _bench.Expect<RunnerMessage.RunEnded>(_runner).Run);
    }

    [Fact]
    public void A_worker_that_fails_at_the_very_beginning_of_a_run_tells_that_this_run_is_lost()
    {
        _bench.Faults.FailNext<WorkerActor>();
        Begin(5, (_, _) => Task.CompletedTask);
        Assert.Equal(new RunnerMessage.WorkerFailed(7, 5), _bench.Expect<RunnerMessage.WorkerFailed>(_runner));
        _bench.ExpectNothing(_runner);
    }

    [Fact]
    public void A_worker_that_fails_without_a_run_tells_nothing()
    {
        _bench.Fail<WorkerActor>(_worker.Actor);
        _bench.ExpectNothing(_runner);
    }

    [Fact]
    public void A_worker_that_is_stopped_cancels_the_token_of_its_run()
    {
        CancellationToken token = default;
        Begin(1, async (_, cancel) =>
        {
            token = cancel;
            await UntilCancelled(null!, cancel);
        });
        _bench.Run();
        _bench.System.Stop(_worker.Actor);
        _bench.Run();
        Assert.True(token.IsCancellationRequested);
    }

    private static Task UntilCancelled(JobContext context, CancellationToken cancel) =>
        new TaskCompletionSource().Task.WaitAsync(cancel);

    private void Begin(long run, Func<JobContext, CancellationToken, Task> handle, RetryPolicy? retry = null,
        TimeSpan? timeout = null, bool canBeRejected = false) => _worker.Tell(new WorkerMessage.Begin(
            run, ActorBench.Ours($"{run}"), Lane.Work, ActorBench.Binding(handle, retry, timeout), null)
        {
            CanBeRejected = canBeRejected,
        });
}
