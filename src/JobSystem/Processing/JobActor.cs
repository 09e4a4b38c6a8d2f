using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>What a job actor is born with.</summary>
/// <param name="Arrival">The delivery.</param>
/// <param name="Queue">The work queue it belongs to.</param>
/// <param name="Binding">Its handler; null when its type is unknown.</param>
/// <param name="Verdict">Not null: it is not to be run, this is its outcome.</param>
internal sealed record JobPlan(Arrival Arrival, string Queue, HandlerBinding? Binding, JobOutcome? Verdict);

/// <summary>
/// One delivery's whole fate: run, decide, publish the successor, settle.
/// Receives: its handler's outcome, its timers, further deliveries of the same job, the drain's cancel.
/// Promises: nothing is settled before there is an outcome, and a retry or dead letter is confirmed before the
/// original is acked; it outlives its channel and settles every delivery that it has adopted; it tells its runner once.
/// Ends: after its settle. A failure of its own stops it, and its deliveries go back.
/// </summary>
#pragma warning disable CA1001 // without a timer or a handle a CancellationTokenSource owns nothing
internal sealed class JobActor(
    Engine engine, JobPlan plan, ActorRef<PublisherMessage> publisher, ActorRef<RunnerMessage> runner)
    : Actor<JobMessage>
#pragma warning restore CA1001
{
    private static readonly TimeSpan _republishDelay = TimeSpan.FromSeconds(5);

    private readonly Arrival _arrival = plan.Arrival;
    private List<Arrival>? _adopted;
    private CancellationTokenSource? _cancel;
    private bool _cancelled;
    private JobOutcome _whenCancelled = JobOutcome.Released.Instance;
    private JobOutcome? _outcome;
    private Settlement? _settlement;
    private JobEnd? _end;

    private Job Job => plan.Arrival.Delivery.Job;

    protected override void Starting()
    {
        if (plan.Verdict is not null)
        {
            Conclude(plan.Verdict);
            return;
        }

        var binding = plan.Binding!;
        var timeout = Job.Timeout ?? binding.Timeout;
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            Context.StartTimer("timeout", timeout, JobMessage.TimeIsUp.Instance);
        }

        _cancel = new CancellationTokenSource();
        var token = _cancel.Token;
        var context = new JobContext(Job, plan.Queue, engine.Log);
        engine.Metrics.RunStarted(plan.Queue);
        Context.PipeToSelf(
            () => HandlerInvocation.RunAsync(binding, context, Job, token),
            static outcome => new JobMessage.Ran(outcome),
            static error => new JobMessage.Ran(new JobOutcome.Failed(error.ToString())));
    }

    protected override void Receive(JobMessage message)
    {
        switch (message)
        {
            case JobMessage.Ran ran when _outcome is null:
                Conclude(ran.Outcome ?? _whenCancelled);
                break;
            case JobMessage.Adopt adopt:
                (_adopted ??= []).Add(adopt.Arrival);
                break;
            case JobMessage.TimeIsUp when _outcome is null:
                Cancel(new JobOutcome.TimedOut(Job.Timeout ?? plan.Binding!.Timeout));
                break;
            case JobMessage.CancelRun when _outcome is null:
                Cancel(JobOutcome.Released.Instance);
                break;
            case JobMessage.CancelRun when _settlement is Settlement.Replace && _end is null:
                // The confirm may be on its way: to give the original back now would make two jobs of one.
                Context.StartTimer("confirm", engine.Options.CancelGrace, JobMessage.ConfirmIsLate.Instance);
                break;
            case JobMessage.ConfirmIsLate when _end is null:
                // The drain cannot wait for a broker that takes no successor: the original goes back instead.
                End(Settlement.Requeue.Instance, ack: false);
                break;
            case JobMessage.GraceIsOver when _outcome is null:
                engine.Log.RunAbandoned(Job.Id, plan.Queue, engine.Options.CancelGrace);
                Conclude(_whenCancelled);
                break;
            case JobMessage.PublishSuccessor:
                PublishSuccessor();
                break;
            case JobMessage.SuccessorPublished published:
                OnSuccessorPublished(published.Result);
                break;
        }
    }

    protected override void Stopped()
    {
        // Without an end this actor failed itself (a defect): what it held goes back, and its slot is free again.
        runner.Tell(new RunnerMessage.JobEnded(
            Context.Self,
            _end ?? new JobEnd(_outcome, Settlement.Requeue.Instance, SettleDeliveries(ack: false), _adopted)));
    }

    private void Cancel(JobOutcome outcome)
    {
        if (_cancelled)
        {
            return;
        }

        _cancelled = true;
        _whenCancelled = outcome;
        Context.StartTimer("grace", engine.Options.CancelGrace, JobMessage.GraceIsOver.Instance);

        // Outside of the actor: what the handler registered on its token runs inside Cancel, and may block.
        var cancel = _cancel!;
        Context.PipeToSelf(
            () =>
            {
                cancel.Cancel();
                return Task.FromResult(true);
            },
            static _ => JobMessage.CancelTold.Instance,
            static _ => JobMessage.CancelTold.Instance);
    }

    private void Conclude(JobOutcome outcome)
    {
        _outcome = outcome;
        _settlement = SettlementRules.Decide(Job, outcome, new SettlementContext(
            plan.Queue, plan.Arrival.Lane, engine.Options.Name, plan.Binding?.Retry ?? Retry.None,
            engine.Options.UnknownTypePatience, Context.Clock.GetUtcNow(),
            outcome is JobOutcome.Failed or JobOutcome.TimedOut ? Context.Random.NextDouble() : 0));
        engine.Log.Concluded(Job, plan.Queue, outcome, _settlement);
        engine.Metrics.Concluded(plan.Queue, outcome, _settlement);
        if (_settlement is Settlement.Replace)
        {
            PublishSuccessor();
        }
        else
        {
            End(_settlement, ack: _settlement is Settlement.Ack);
        }
    }

    private void PublishSuccessor()
    {
        if (_settlement is not Settlement.Replace replace || _end is not null)
        {
            return;
        }

        var self = Context.Self;
        publisher.Tell(new PublisherMessage.Publish(
            replace.Successor, replace.Destination, engine.Options.PublishDeadline,
            result => self.TryTell(new JobMessage.SuccessorPublished(result))));
    }

    private void OnSuccessorPublished(EnqueueResult result)
    {
        if (_settlement is not Settlement.Replace replace || _end is not null)
        {
            return;
        }

        if (result is EnqueueResult.Confirmed)
        {
            End(replace, ack: true);
            return;
        }

        // Without a confirmed successor the original stays unacked: the job is late, never lost.
        engine.Log.SuccessorNotConfirmed(Job.Id, replace.Destination, result.ToString(), _republishDelay);
        Context.StartTimer("republish", _republishDelay, JobMessage.PublishSuccessor.Instance);
    }

    private void End(Settlement settlement, bool ack)
    {
        _end = new JobEnd(_outcome, settlement, SettleDeliveries(ack), _adopted);
        Context.StopSelf();
    }

    /// <summary>True when at least one live consumer was told.</summary>
    private bool SettleDeliveries(bool ack)
    {
        var reached = SettleOne(_arrival, ack);
        for (var index = 0; index < _adopted?.Count; index++)
        {
            reached |= SettleOne(_adopted[index], ack);
        }

        return reached;
    }

    private bool SettleOne(Arrival arrival, bool ack)
    {
        var reached = arrival.Consumer.TryTell(new ConsumerMessage.Settle(arrival.Delivery.Tag, ack));
        if (!reached)
        {
            engine.Metrics.SettledTooLate(plan.Queue);
        }

        return reached;
    }
}
