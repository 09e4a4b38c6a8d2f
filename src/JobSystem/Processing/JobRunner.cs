using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>
/// Owns the slots of one queue in this process, the deliveries of what runs, and the memory of what has ended. The only
/// one that has deliveries settled.
/// Receives: arrivals from the queue's consumers (work lane and quarantine), the ends of its workers' runs, events of
/// its consumers, the drain.
/// Promises: at most <see cref="QueueOptions.Concurrency"/> jobs and one of the quarantine run at a time; a redelivery
/// of a running job is adopted, of a finished one acked, so neither runs twice; every arrival is settled or requeued.
/// Its mailbox is bounded: by the prefetch of its consumers, and one end for each slot.
/// A worker that fails is restarted alone; what it ran is requeued after a pause. The runner itself ends only with the
/// tree.
/// </summary>
internal sealed class JobRunner : TypedActor<RunnerMessage>
{
    // What cannot be moved waits unacked; more of it than this holds slots, so that not all of a queue ends here.
    private const int MaxStuck = 64;

    private readonly RunningJobs _running = new();
    private readonly FinishedJobs _finished;
    private readonly HashSet<Ref<ConsumerMessage>> _consumers = [];
    private readonly Dictionary<int, Ref<IWorkerMessage>> _workers = [];
    private readonly WorkerSettings _settings;
    private readonly QueueOptions _queue;
    private readonly Ref<PublisherMessage> _publisher;
    private readonly RunNumbers _runNumbers;
    private readonly Slots _work;
    private readonly Slots _quarantine;
    private readonly QueueTally _tally = new();
    private readonly RestartBudget _failures = RestartBudget.Default;
    private readonly List<DateTimeOffset> _workerFailures = [];
    private readonly Stack<int> _spareSlots = new();
    private RunnerDrain? _drain;

    /// <param name="settings">Of its workers.</param>
    /// <param name="queue">Whose jobs it runs.</param>
    /// <param name="publisher">For successors and dead letters.</param>
    /// <param name="runNumbers">The same for every instance of this runner.</param>
    public JobRunner(
        WorkerSettings settings, QueueOptions queue, Ref<PublisherMessage> publisher, RunNumbers runNumbers)
        : base(settings.Environment)
    {
        (_settings, _queue, _publisher, _runNumbers) = (settings, queue, publisher, runNumbers);
        _finished = new FinishedJobs(settings.Options.MaxRemembered, settings.Options.ResendWindow);
        _work = new Slots(first: 0, queue.Concurrency);
        _quarantine = new Slots(first: queue.Concurrency, count: 1);
        for (var spare = MaxStuck; spare > 0; spare--)
        {
            _spareSlots.Push(queue.Concurrency + spare);
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new ChildSupervision(Directive.Restart, Environment, _settings.Observation.Failed);

    protected override void Receive(RunnerMessage message)
    {
        switch (message)
        {
            case RunnerMessage.JobArrived arrived:
                OnArrived(arrived.Arrival);
                break;
            case RunnerMessage.RunEnded ended:
                OnEnded(ended.Slot, ended.Run, ended.Outcome, ended.Settlement);
                break;
            case RunnerMessage.RunIsStuck stuck:
                OnStuck(stuck.Slot, stuck.Run);
                break;
            case RunnerMessage.WorkerFailed failed:
                OnWorkerFailed(failed);
                break;
            case RunnerMessage.RequeueFailed failed:
                OnEnded(failed.Slot, failed.Run, outcome: null, Settlement.Requeue.Instance);
                break;
            case RunnerMessage.SettledTooLate late:
                OnSettledTooLate(late.Key, late.Ack);
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
                CancelRuns();
                break;
            case RunnerMessage.GiveUp ask:
                ask.ReplyTo.Tell(new DrainMessage.Abandoned(Self, _running.Abandoned(_queue.Name)));
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
        var key = JobKey.Of(job); // before the due time is changed, which is part of it where the job is foreign
        arrival = arrival with { Delivery = arrival.Delivery.OnOurClock(Clock.GetUtcNow()) };
        if (_running.Find(key, arrival.Delivery.Redelivered, _consumers) is { } running)
        {
            Attach(running, arrival);
        }
        else if (_finished.Recognises(key, arrival.Delivery, Clock.GetUtcNow()))
        {
            _settings.Observation.Log.AlreadyFinished(job.Id, _queue.Name);
            _settings.Observation.Metrics.AckedWithoutRun(_queue.Name);
            _tally.AckedWithoutRun++;
            Settle(arrival, key, ack: true);
        }
        else if (_drain is null && SlotsOf(arrival.Lane).TryTake() is { } slot)
        {
            Start(arrival, key, slot);
        }
        else
        {
            SlotsOf(arrival.Lane).Waiting.Enqueue(arrival);
            ContinueDrain();
        }
    }

    private void Attach(RunningJob running, Arrival arrival)
    {
        if (running.Attach(arrival, _consumers))
        {
            _settings.Observation.Log.Adopted(running.Job.Id, _queue.Name);
            _settings.Observation.Metrics.Adopted(_queue.Name);
            _tally.Adopted++;
            if (running.IsStuck)
            {
                arrival.Consumer.Tell(new ConsumerMessage.Widen());
            }
        }
    }

    private void Start(Arrival arrival, JobKey key, int slot)
    {
        var job = arrival.Delivery.Job;
        var now = Clock.GetUtcNow();
        var binding = _settings.Catalog.Find(_queue.Name, job.Type);
        var verdict = Admission.Decide(
            arrival.Delivery, arrival.Lane, binding, _settings.Options.MaxWorkerLosses, now);
        var run = _runNumbers.Next();
        _running.Add(new RunningJob(slot, run, key, arrival, now));
        WorkerOf(slot).Tell(new WorkerMessage.Begin(run, job, arrival.Lane, binding, verdict)
        {
            CanBeRejected = arrival.Delivery.CanBeRejected,
        });
    }

    /// <summary>Started when its slot is first needed: a queue may have tens of thousands.</summary>
    private Ref<IWorkerMessage> WorkerOf(int slot)
    {
        if (!_workers.TryGetValue(slot, out var worker))
        {
            worker = StartWorker(slot);
            _workers.Add(slot, worker);
        }

        return worker;
    }

    private Ref<IWorkerMessage> StartWorker(int slot)
    {
        var (settings, publisher, self) = (_settings, _publisher, Self);
        return Spawn(() => new WorkerActor(settings, slot, publisher, self), $"worker-{slot}");
    }

    /// <summary>
    /// A job that makes its worker fail would come back at once, and fail it again: its slot pauses first.
    /// </summary>
    private void OnWorkerFailed(RunnerMessage.WorkerFailed failed)
    {
        var requeue = new RunnerMessage.RequeueFailed(failed.Slot, failed.Run);
        var now = Clock.GetUtcNow();
        var pause = _failures.NextPause(_workerFailures, now, Random.NextDouble());
        if (pause is not null)
        {
            _workerFailures.Add(now);
        }

        StartTimer(requeue, _drain is null ? pause ?? _failures.MaxPause : TimeSpan.Zero, requeue);
    }

    /// <summary>
    /// It waits in its worker until the broker takes it. A spare slot does its share, and its consumer may have one
    /// more delivery: no job behind it waits for it.
    /// </summary>
    private void OnStuck(int slot, long run)
    {
        if (_running.Find(slot, run) is not { IsStuck: false } job || !_spareSlots.TryPop(out var spare))
        {
            return;
        }

        job.IsStuck = true;
        SlotsOf(job.Lane).GiveBack(spare);
        if (_consumers.Contains(job.Consumer))
        {
            job.Consumer.Tell(new ConsumerMessage.Widen());
        }

        StartWaiting(SlotsOf(job.Lane));
    }

    private void OnEnded(int slot, long run, JobOutcome? outcome, Settlement settlement)
    {
        if (_running.Remove(slot, run) is not { } job)
        {
            return;
        }

        var end = new JobEnd(outcome, settlement, Settle(job, settlement));
        _tally.Count(end);
        if (settlement is Settlement.Ack or Settlement.Replace)
        {
            _finished.Remember(job.Key, job.Job, end, Clock.GetUtcNow());
        }

        var slots = SlotsOf(job.Lane);
        GiveBack(slots, slot, job);
        foreach (var later in job.Later)
        {
            OnArrived(later);
        }

        if (_drain is not null)
        {
            _drain.ReplyTo.Tell(new DrainMessage.JobDrained(JobFate.Of(job.Job, _queue.Name, end)));
            ContinueDrain();
        }
        else
        {
            StartWaiting(slots);
        }
    }

    /// <summary>One slot less than before it was stuck.</summary>
    private void GiveBack(Slots slots, int slot, RunningJob job)
    {
        if (!job.IsStuck)
        {
            slots.GiveBack(slot);
            return;
        }

        _spareSlots.Push(slot);
        if (_consumers.Contains(job.Consumer))
        {
            job.Consumer.Tell(new ConsumerMessage.Narrow());
        }
    }

    /// <summary>True when at least one live consumer was told.</summary>
    private bool Settle(RunningJob job, Settlement settlement)
    {
        var reached = SettleIfLive(job.First, job.Key, settlement);
        foreach (var arrival in job.Adopted)
        {
            reached |= SettleIfLive(arrival, job.Key, settlement);
        }

        return reached;
    }

    private bool SettleIfLive(Arrival arrival, JobKey key, Settlement settlement)
    {
        if (!_consumers.Contains(arrival.Consumer))
        {
            _settings.Observation.Metrics.SettledTooLate(_queue.Name);
            return false;
        }

        Settle(arrival, key, settlement is Settlement.Ack or Settlement.Replace, settlement is Settlement.Reject);
        return true;
    }

    private static void Settle(Arrival arrival, JobKey key, bool ack, bool reject = false) =>
        arrival.Consumer.Tell(new ConsumerMessage.Settle(arrival.Delivery.Tag, ack, key, Self) { Reject = reject });

    /// <summary>The consumer ended before its end was known: its redelivery is still to be recognised.</summary>
    private void OnSettledTooLate(JobKey key, bool ack)
    {
        _settings.Observation.Metrics.SettledTooLate(_queue.Name);
        if (ack)
        {
            _finished.Owe(key);
        }
    }

    private void StartWaiting(Slots slots)
    {
        while (slots.Waiting.Count > 0 && slots.HasFree)
        {
            // Judged again: its twin may have been running, and may have finished, while it waited.
            OnArrived(slots.Waiting.Dequeue());
        }
    }

    private void OnConsumerStarted(Ref<ConsumerMessage> consumer)
    {
        _consumers.Add(consumer);
        Watch(consumer, new RunnerMessage.ConsumerStopped(consumer));
        if (_drain is not null)
        {
            consumer.Tell(new ConsumerMessage.Cancel());
        }
    }

    private void OnConsumerStopped(Ref<ConsumerMessage> consumer)
    {
        _consumers.Remove(consumer);
        _work.Forget(consumer);
        _quarantine.Forget(consumer);
        ContinueDrain();
    }

    private void CancelRuns()
    {
        foreach (var job in _running.All)
        {
            WorkerOf(job.Slot).Tell(new WorkerMessage.Cancel(job.Run));
        }
    }

    private void BeginDrain(Ref<DrainMessage> replyTo)
    {
        _drain ??= new RunnerDrain(replyTo);
        foreach (var consumer in _consumers)
        {
            consumer.Tell(new ConsumerMessage.Cancel());
        }

        ContinueDrain();
    }

    private void ContinueDrain()
    {
        if (_drain is null || _drain.IsOver)
        {
            return;
        }

        // What waits is requeued only when its consumer is cancelled: before, the broker would send it right back.
        var cancelled = _drain.Cancelled;
        foreach (var arrival in _work.TakeWaitingOf(cancelled).Concat(_quarantine.TakeWaitingOf(cancelled)))
        {
            Settle(arrival, JobKey.Of(arrival.Delivery.Job), ack: false);
            _drain.ReplyTo.Tell(new DrainMessage.JobDrained(JobFate.NotStarted(arrival.Delivery.Job, _queue.Name)));
        }

        if (_running.Count > 0 || _work.Waiting.Count > 0 || _quarantine.Waiting.Count > 0
            || !_consumers.IsSubsetOf(_drain.Cancelled))
        {
            return;
        }

        // Behind every settle in the consumer's mailbox, so none is overtaken by the end.
        foreach (var consumer in _consumers.Where(_drain.AskToFinish))
        {
            consumer.Tell(new ConsumerMessage.Finish());
        }

        if (_consumers.IsSubsetOf(_drain.Finished))
        {
            _drain.IsOver = true;
            _drain.ReplyTo.Tell(new DrainMessage.RunnerDrained(Self));
        }
    }

    private Slots SlotsOf(Lane lane) => lane == Lane.Quarantine ? _quarantine : _work;

    private QueueSnapshot Snapshot() => new(
        _queue.Name, _queue.Concurrency, _running.Snapshot(Clock.GetUtcNow()),
        _work.Waiting.Count + _quarantine.Waiting.Count, _finished.Count, _tally.Copy());
}
