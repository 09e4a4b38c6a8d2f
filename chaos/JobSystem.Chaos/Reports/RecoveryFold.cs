using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Folds a history into a <see cref="Recovery"/>: knows which worker is running what, and lets each fault that is not
/// over yet see what happens.
/// </summary>
internal sealed class RecoveryFold
{
    private readonly Dictionary<string, Dictionary<JobId, TimeSpan>> _running = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, FaultWatch> _all = [];
    private readonly List<FaultWatch> _active = [];

    /// <param name="change">What the entry meant for its job.</param>
    /// <param name="pendingBefore">Jobs due and not finished, right before the entry.</param>
    /// <param name="pending">Right after it.</param>
    /// <param name="unanswered">Of these, those that wait for an answer.</param>
    public void Add(in HistoryEntry entry, in JobChange change, int pendingBefore, int pending, int unanswered)
    {
        var begunAt = FollowRuns(entry);
        FollowFaults(entry, pending, unanswered);
        if (_active.Count > 0)
        {
            Tell(entry, change, begunAt, pending, pending != pendingBefore);
        }

        if (entry.Event is HistoryEvent.WorkerKilled or HistoryEvent.WorkerStopped)
        {
            _running.Remove(WorkerOf(entry.Event));
        }
    }

    public Recovery ToRecovery() =>
        new([.. _all.Values.Select(watch => watch.ToRecovery()).OrderBy(fault => fault.InjectedAt)]);

    /// <summary>When the run that the entry ends had begun.</summary>
    private TimeSpan FollowRuns(in HistoryEntry entry)
    {
        switch (entry.Event)
        {
            case HistoryEvent.WorkerStarted worker:
                _running.TryAdd(worker.Worker, []);
                return entry.At;
            case HistoryEvent.RunStarted started:
                if (!_running.TryGetValue(started.Run.Worker, out var jobs))
                {
                    _running.Add(started.Run.Worker, jobs = []);
                }

                jobs[started.Job] = entry.At;
                return entry.At;
            case HistoryEvent.EffectDone done:
                return End(done.Job, done.Run, entry.At);
            case HistoryEvent.RunFailed failed:
                return End(failed.Job, failed.Run, entry.At);
            default:
                return entry.At;
        }
    }

    private TimeSpan End(JobId job, RunId run, TimeSpan now) =>
        _running.TryGetValue(run.Worker, out var jobs) && jobs.Remove(job, out var begunAt) ? begunAt : now;

    private void FollowFaults(in HistoryEntry entry, int pending, int unanswered)
    {
        switch (entry.Event)
        {
            case HistoryEvent.FaultInjected injected when !_all.ContainsKey(injected.Fault):
                Watch(injected, entry.At, pending);
                break;
            case HistoryEvent.FaultHappened happened when _all.TryGetValue(happened.Fault, out var watch):
                watch.Happened(entry.At, happened.Proof);
                break;
            case HistoryEvent.FaultHealed healed when _all.TryGetValue(healed.Fault, out var watch):
                watch.Healed(entry.At, unanswered, pending - _running.Values.Sum(jobs => jobs.Count));
                watch.Stands(entry.At, pending);
                break;
            case HistoryEvent.FaultFailed failed:
                Failed(failed, entry.At);
                break;
        }
    }

    /// <summary>One that could not be made was never injected: it is told, there is nothing to measure.</summary>
    private void Failed(HistoryEvent.FaultFailed failed, TimeSpan now)
    {
        if (!_all.TryGetValue(failed.Fault, out var watch))
        {
            watch = new FaultWatch(new HistoryEvent.FaultInjected(failed.Fault, "", ""), now, null, 0);
            _all.Add(failed.Fault, watch);
        }

        watch.Failed(failed.Step, failed.Why);
    }

    private void Watch(HistoryEvent.FaultInjected injected, TimeSpan now, int pending)
    {
        _active.RemoveAll(each => each.IsOver(now));
        var watch = new FaultWatch(injected, now, VictimOf(injected.Target), pending);
        foreach (var (worker, jobs) in _running)
        {
            if (watch.Victim is null || watch.Victim == worker)
            {
                foreach (var job in jobs.Keys)
                {
                    watch.Hold(job);
                }
            }
        }

        _all.Add(injected.Fault, watch);
        _active.Add(watch);
    }

    private void Tell(in HistoryEntry entry, in JobChange change, TimeSpan begunAt, int pending, bool hasMoved)
    {
        foreach (var watch in _active)
        {
            Tell(watch, entry, change, begunAt);
            if (hasMoved)
            {
                watch.Stands(entry.At, pending);
            }
        }
    }

    private static void Tell(FaultWatch watch, in HistoryEntry entry, in JobChange change, TimeSpan begunAt)
    {
        switch (entry.Event)
        {
            case HistoryEvent.ConnectionLost lost:
                watch.Lost(entry.At, lost.Process);
                break;
            case HistoryEvent.WorkerKilled killed:
                watch.Died(entry.At, killed.Worker);
                break;
            case HistoryEvent.WorkerStopped stopped when stopped.Worker == watch.Victim:
                watch.Died(entry.At, stopped.Worker);
                break;
            case HistoryEvent.RunStarted started:
                watch.Began(entry.At, started.Job, started.Run.Worker);
                break;
            case HistoryEvent.RunFailed failed:
                watch.Failed(failed.Job, failed.Run.Worker);
                break;
            case HistoryEvent.EnqueueIntended:
                watch.Intended();
                break;
            case HistoryEvent.EnqueueConfirmed:
                watch.Confirmed(entry.At);
                break;
            case HistoryEvent.EnqueueUnknown:
                watch.Unknown(entry.At);
                break;
            case HistoryEvent.EffectDone done:
                watch.Finished(entry.At, begunAt, change);
                watch.Done(done.Job, done.Run.Worker);
                break;
        }
    }

    /// <summary>The worker that is named in the words of a target; null: it is none.</summary>
    private string? VictimOf(string target) => target
        .Split([' ', ',', ';', ':', '(', ')', '\'', '"'], StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(_running.ContainsKey);

    private static string WorkerOf(HistoryEvent happened) => happened switch
    {
        HistoryEvent.WorkerKilled killed => killed.Worker,
        HistoryEvent.WorkerStopped stopped => stopped.Worker,
        _ => "",
    };
}
