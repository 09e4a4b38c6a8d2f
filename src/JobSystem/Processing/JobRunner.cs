using JobSystem.Actors;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>
/// Owns the slots of one queue in this process, and the memory of what runs and what has ended.
/// Receives: arrivals from the queue's consumers (work lane and suspects' lane), the ends of its job actors, news of
/// its consumers, the drain.
/// Promises: at most <see cref="QueueOptions.Concurrency"/> jobs and one suspect run at a time; a redelivery of a
/// running job is adopted, of a finished one acked, so neither runs twice; every arrival is settled or goes back.
/// Ends: only with the server.
/// </summary>
internal sealed class JobRunner(
    Engine engine, QueueOptions queue, ActorRef<PublisherMessage> publisher) : Actor<RunnerMessage>
{
    private readonly RunningJobs _running = new();
    private readonly FinishedJobs _finished = new(engine.Options.MaxRemembered, engine.Options.ResendWindow);
    private readonly HashSet<ActorRef<ConsumerMessage>> _consumers = [];
    private readonly Slots _work = new(queue.Concurrency);
    private readonly Slots _suspects = new(1);
    private readonly QueueTally _tally = new();
    private RunnerDrain? _drain;

    protected override SupervisionStrategy Supervision => SupervisionStrategy.Stopping;

    protected override void Receive(RunnerMessage message)
    {
        switch (message)
        {
            case RunnerMessage.JobArrived arrived:
                OnArrived(arrived.Arrival);
                break;
            case RunnerMessage.JobEnded ended:
                OnEnded(ended);
                break;
            case RunnerMessage.ConsumerStarted started:
                OnConsumerStarted(started.Consumer);
                break;
            case RunnerMessage.ConsumerStopped stopped:
                OnConsumerStopped(stopped.Consumer);
                break;
            case RunnerMessage.ConsumerCancelled cancelled:
                _drain?.Cancelled.Add(cancelled.Consumer);
                ContinueDrain();
                break;
            case RunnerMessage.ConsumerFinished finished:
                _drain?.Finished.Add(finished.Consumer);
                ContinueDrain();
                break;
            case RunnerMessage.Drain drain:
                BeginDrain(drain.ReplyTo);
                break;
            case RunnerMessage.CancelRuns:
                _running.TellAll(JobMessage.CancelRun.Instance);
                break;
            case RunnerMessage.GiveUp ask:
                ask.ReplyTo.Tell(new DrainMessage.Abandoned(Context.Self, _running.Abandoned(queue.Name)));
                break;
            case RunnerMessage.GetSnapshot ask:
                ask.ReplyTo.Tell(new MonitorMessage.QueueSeen(Snapshot()));
                break;
        }
    }

    private void OnArrived(Arrival arrival)
    {
        if (!_consumers.Contains(arrival.Consumer))
        {
            return; // its channel is gone: it cannot be settled any more and will be delivered again
        }

        var job = arrival.Delivery.Job;
        var key = JobKey.Of(job);
        if (_running.Find(key, arrival.Delivery.Redelivered, _consumers) is { } running)
        {
            Attach(running, arrival);
        }
        else if (_finished.Recognises(key, arrival.Delivery, Context.Clock.GetUtcNow()))
        {
            engine.Log.AlreadyFinished(job.Id, queue.Name);
            engine.Metrics.AckedWithoutRun(queue.Name);
            _tally.AckedWithoutRun++;
            arrival.Consumer.TryTell(new ConsumerMessage.Settle(arrival.Delivery.Tag, Ack: true));
        }
        else if (_drain is not null || !SlotsOf(arrival.Lane).TryTake())
        {
            SlotsOf(arrival.Lane).Waiting.Enqueue(arrival);
            ContinueDrain();
        }
        else
        {
            Start(arrival, key);
        }
    }

    private void Attach(RunningJob running, Arrival arrival)
    {
        var attached = running.Attached ??= [];
        attached.RemoveAll(earlier => !_consumers.Contains(earlier.Consumer));
        attached.Add(arrival);
        if (arrival.Delivery.Job.Epoch > running.Job.Epoch)
        {
            return; // it may be the successor that this very run has published: it waits for the end
        }

        engine.Log.Adopted(running.Job.Id, queue.Name);
        engine.Metrics.Adopted(queue.Name);
        _tally.Adopted++;
        running.Consumer = arrival.Consumer;
        running.Actor.TryTell(new JobMessage.Adopt(arrival));
    }

    private void Start(Arrival arrival, JobKey key)
    {
        var job = arrival.Delivery.Job;
        var now = Context.Clock.GetUtcNow();
        var binding = engine.Catalog.Find(queue.Name, job.Type);
        var verdict = Reception.Decide(
            arrival.Delivery, arrival.Lane, binding, engine.Options.MaxWorkerLosses, now);
        var plan = new JobPlan(arrival, queue.Name, binding, verdict);
        var actor = Context.Spawn(() => new JobActor(engine, plan, publisher, Context.Self), mailboxCapacity: 64);
        _running.Add(new RunningJob(key, job, arrival.Lane, actor, now) { Consumer = arrival.Consumer });
    }

    private void OnEnded(RunnerMessage.JobEnded ended)
    {
        if (_running.Remove(ended.Job) is not { } job)
        {
            return;
        }

        var end = ended.End;
        _tally.Count(end);
        if (end.Settlement is Settlement.Ack or Settlement.Replace)
        {
            _finished.Remember(job.Key, job.Job, end, Context.Clock.GetUtcNow());
        }

        SlotsOf(job.Lane).GiveBack();
        if (job.Attached is { } attached)
        {
            JudgeUnsettled(attached, end);
        }

        if (_drain is not null)
        {
            _drain.ReplyTo.Tell(new DrainMessage.JobDrained(JobFate.Of(job.Job, queue.Name, end)));
            ContinueDrain();
        }
        else
        {
            StartWaiting(SlotsOf(job.Lane));
        }
    }

    /// <summary>A delivery that came when the job's actor had just ended, or that waited for its end.</summary>
    private void JudgeUnsettled(List<Arrival> attached, JobEnd end)
    {
        foreach (var arrival in attached)
        {
            if (end.Adopted?.Contains(arrival) != true)
            {
                OnArrived(arrival);
            }
        }
    }

    private void StartWaiting(Slots slots)
    {
        while (slots.Waiting.Count > 0 && slots.HasFree)
        {
            // Judged anew: its twin may have been running, and may have finished, while it waited.
            OnArrived(slots.Waiting.Dequeue());
        }
    }

    private void OnConsumerStarted(ActorRef<ConsumerMessage> consumer)
    {
        _consumers.Add(consumer);
        Context.Watch(consumer, new RunnerMessage.ConsumerStopped(consumer));
        if (_drain is not null)
        {
            consumer.TryTell(new ConsumerMessage.Cancel());
        }
    }

    private void OnConsumerStopped(ActorRef<ConsumerMessage> consumer)
    {
        _consumers.Remove(consumer);
        _work.Forget(consumer);
        _suspects.Forget(consumer);
        ContinueDrain();
    }

    private void BeginDrain(ActorRef<DrainMessage> replyTo)
    {
        _drain ??= new RunnerDrain(replyTo);
        foreach (var consumer in _consumers)
        {
            consumer.TryTell(new ConsumerMessage.Cancel());
        }

        ContinueDrain();
    }

    private void ContinueDrain()
    {
        if (_drain is null || _drain.IsOver)
        {
            return;
        }

        // What waits is given back only when its consumer is cancelled: before, the broker would send it right back.
        foreach (var arrival in _work.TakeWaitingOf(_drain.Cancelled).Concat(_suspects.TakeWaitingOf(_drain.Cancelled)))
        {
            arrival.Consumer.TryTell(new ConsumerMessage.Settle(arrival.Delivery.Tag, Ack: false));
            _drain.ReplyTo.Tell(new DrainMessage.JobDrained(JobFate.NotStarted(arrival.Delivery.Job, queue.Name)));
        }

        if (_running.Count > 0 || _work.Waiting.Count > 0 || _suspects.Waiting.Count > 0
            || !_consumers.IsSubsetOf(_drain.Cancelled))
        {
            return;
        }

        // Behind every settle in the consumer's mailbox, so none is overtaken by the end.
        foreach (var consumer in _consumers.Where(_drain.AskToFinish))
        {
            consumer.TryTell(new ConsumerMessage.Finish());
        }

        if (_consumers.IsSubsetOf(_drain.Finished))
        {
            _drain.IsOver = true;
            _drain.ReplyTo.Tell(new DrainMessage.RunnerDrained(Context.Self));
        }
    }

    private Slots SlotsOf(Lane lane) => lane == Lane.Suspects ? _suspects : _work;

    private QueueSnapshot Snapshot() => new(
        queue.Name, queue.Concurrency, _running.Snapshot(Context.Clock.GetUtcNow()),
        _work.Waiting.Count + _suspects.Waiting.Count, _finished.Count, _tally.Copy());
}
