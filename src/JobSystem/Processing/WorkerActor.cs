using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>
/// One slot of a queue: runs a job, decides what its outcome means, and makes durable what the settlement needs.
/// Receives: runs from its runner, the outcome of its handler, its timers, the publisher's answers, the drain's cancel.
/// Promises: it tells its runner once for each run, and only when a retry or dead letter is confirmed; its runs outlive
/// their channels; a late message of an earlier run changes nothing. Its mailbox is bounded: one run at a time, with
/// one outcome, one answer and a few timers.
/// Restarts when it fails: its runner hears which run is over, and the run's token is cancelled.
/// </summary>
internal sealed class WorkerActor(
    WorkerSettings settings, int slot, Ref<PublisherMessage> publisher, Ref<RunnerMessage> runner)
    : TypedActor<IWorkerMessage>(settings.Environment)
{
    // A queue that is full for five minutes is not full for a moment.
    private const int MaxRejections = 60;

    private static readonly TimeSpan _republishDelay = TimeSpan.FromSeconds(5);

    // It holds nobody up; somebody has to change the broker first.
    private static readonly TimeSpan _stuckDelay = TimeSpan.FromSeconds(30);

    private JobRun? _run;

    protected override void Receive(IWorkerMessage message)
    {
        if (message is WorkerMessage.Begin begin)
        {
            Begin(begin);
        }
        else if (_run is { } run && message.Run == run.Run)
        {
            ReceiveIn(run, message);
        }
    }

    protected override void PreRestart(Exception reason, object message)
    {
        if ((_run?.Run ?? (message as WorkerMessage.Begin)?.Run) is { } lost)
        {
            runner.Tell(new RunnerMessage.WorkerFailed(slot, lost));
        }

        base.PreRestart(reason, message);
    }

    /// <summary>Whoever ends tells the handler so: its job will be run elsewhere.</summary>
    protected override void PostStop() => CancelToken(_run);

    private void ReceiveIn(JobRun run, IWorkerMessage message)
    {
        switch (message)
        {
            case JobRun when run.Settlement is null:
                Conclude(run, run.Returned ?? run.WhenCancelled);
                break;
            case WorkerMessage.TimeIsUp when run.Settlement is null:
                Cancel(run, new JobOutcome.TimedOut(run.Timeout));
                break;
            case WorkerMessage.Cancel when run.Settlement is null:
                Cancel(run, JobOutcome.Released.Instance);
                break;
            case WorkerMessage.GraceIsOver when run.Settlement is null:
                settings.Observation.Log.RunAbandoned(run.Job.Id, settings.Queue, settings.Options.CancelGrace);
                Conclude(run, run.WhenCancelled);
                break;
            case WorkerMessage.Cancel when run.Settlement is Settlement.Replace:
                // The confirm may be on its way: to requeue the original now would make two jobs of one.
                StartTimer("confirm", settings.Options.CancelGrace, new WorkerMessage.ConfirmIsLate(run.Run));
                break;
            case WorkerMessage.ConfirmIsLate:
                // The drain cannot wait for a broker that takes no successor: the original goes back instead.
                End(run, Settlement.Requeue.Instance);
                break;
            case WorkerMessage.PublishSuccessor:
                PublishSuccessor(run);
                break;
            case PublishAnswered answered when run.Settlement is Settlement.Replace replace:
                OnAnswered(run, replace, answered.Result);
                break;
        }
    }

    private void Begin(WorkerMessage.Begin begin)
    {
        var context = new JobContext(begin.Job, settings.Queue, settings.Observation.Log);
        var run = _run = new JobRun(begin, context, Context.Self);
        if (begin.Verdict is { } verdict)
        {
            Conclude(run, verdict);
            return;
        }

        if (run.Timeout != Timeout.InfiniteTimeSpan)
        {
            run.HasTimeout = true;
            StartTimer("timeout", run.Timeout, new WorkerMessage.TimeIsUp(run.Run));
        }

        settings.Observation.Metrics.RunStarted(settings.Queue);
        settings.Observation.Events.Started(run.Job, settings.Queue);
        Context.Dispatcher.Schedule(run);
    }

    private void Cancel(JobRun run, JobOutcome outcome)
    {
        if (!run.IsCancelled)
        {
            run.WhenCancelled = outcome;
            run.IsCancelled = true;
            StartTimer("grace", settings.Options.CancelGrace, new WorkerMessage.GraceIsOver(run.Run));
            CancelToken(run);
        }
    }

    /// <summary>
    /// Outside of the actor: what the handler registered on its token runs inside of Cancel. It may block, or throw.
    /// </summary>
    private void CancelToken(JobRun? run)
    {
        if (run is not { Settlement: null })
        {
            return;
        }

        Context.Dispatcher.Schedule(() =>
        {
            try
            {
                run.CancelToken();
            }
            catch (AggregateException error)
            {
                settings.Observation.Log.CancelCallbackFailed(error, run.Job.Id, settings.Queue);
            }
        });
    }

    private void Conclude(JobRun run, JobOutcome outcome)
    {
        if (run.HasTimeout)
        {
            Timers.Cancel("timeout");
        }

        if (run.IsCancelled)
        {
            Timers.Cancel("grace");
        }

        run.Outcome = outcome;
        run.Settlement = SettlementRules.Decide(run.Job, outcome, NewContext(
            run, outcome is JobOutcome.Failed or JobOutcome.TimedOut ? Random.NextDouble() : 0));
        if (run.Settlement is Settlement.Replace)
        {
            PublishSuccessor(run);
        }
        else
        {
            End(run, run.Settlement);
        }
    }

    private void PublishSuccessor(JobRun run)
    {
        var replace = (Settlement.Replace)run.Settlement!;
        publisher.Tell(new PublisherMessage.Publish(replace.Successor, replace.Destination,
            settings.Options.PublishDeadline, new Ref<PublishAnswered>(Context.Self), run.Run));
    }

    private void OnAnswered(JobRun run, Settlement.Replace replace, EnqueueResult result)
    {
        if (result is EnqueueResult.Confirmed)
        {
            End(run, replace);
            return;
        }

        if (result is EnqueueResult.Rejected rejected && (rejected.IsFinal || ++run.Rejections >= MaxRejections))
        {
            if (SettlementRules.AfterRefusal(
                run.Job, replace, rejected.Reason, run.CanBeRejected, NewContext(run, draw: 0)) is { } instead)
            {
                settings.Observation.Log.SuccessorRefused(run.Job.Id, replace.Destination, rejected.Reason);
                SettleInstead(run, instead);
                return;
            }

            if (!run.IsStuck)
            {
                run.IsStuck = true;
                settings.Observation.Log.Stuck(run.Job.Id, settings.Queue, rejected.Reason, _stuckDelay);
                runner.Tell(new RunnerMessage.RunIsStuck(slot, run.Run));
            }
        }
        else if (!run.IsStuck)
        {
            settings.Observation.Log.SuccessorNotConfirmed(
                run.Job.Id, replace.Destination, result.ToString(), _republishDelay);
        }

        // Without a confirmed successor the original stays unacked: the job is late, never lost.
        StartTimer("republish", run.IsStuck ? _stuckDelay : _republishDelay,
            new WorkerMessage.PublishSuccessor(run.Run));
    }

    private void SettleInstead(JobRun run, Settlement instead)
    {
        (run.Settlement, run.Rejections) = (instead, 0);
        if (instead is Settlement.Replace)
        {
            PublishSuccessor(run);
        }
        else
        {
            End(run, instead);
        }
    }

    private SettlementContext NewContext(JobRun run, double draw) => new(
        settings.Queue, run.Lane, settings.Options.Name, run.Binding?.Retry ?? Retry.None,
        settings.Options.UnknownTypePatience, Clock.GetUtcNow(), draw);

    private void End(JobRun run, Settlement settlement)
    {
        if (run.Settlement is not Settlement.Ack)
        {
            Timers.Cancel("confirm");
            Timers.Cancel("republish");
        }

        // Not before: what it is said to be, it is.
        settings.Observation.Log.Concluded(run.Job, settings.Queue, run.Outcome!, settlement);
        settings.Observation.Metrics.Concluded(settings.Queue, run.Outcome!, settlement);
        settings.Observation.Events.Concluded(run.Job, settings.Queue, run.Outcome!, settlement);
        _run = null;
        runner.Tell(new RunnerMessage.RunEnded(slot, run.Run, run.Outcome!, settlement));
    }
}

/// <summary>What the workers of one queue share. Never changed.</summary>
internal sealed record WorkerSettings(
    string Queue, JobSystemOptions Options, HandlerCatalog Catalog, ActorEnvironment Environment,
    Observation Observation);
