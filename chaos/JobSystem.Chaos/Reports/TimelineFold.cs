using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Folds a history into a <see cref="Timeline"/>. When there are too many bins, each two become one and bins are twice
/// as wide from then on; so the length of a run need not be known beforehand.
/// </summary>
internal sealed class TimelineFold(OpenJobs jobs, WorkloadPlan? workload, TimeSpan? binWidth)
{
    public const int MaxBins = 1200;

    private readonly List<BinCount> _bins = [];
    private readonly LatencyFold _latencies = new(workload);
    private readonly RatesFold _rates = new();
    private readonly HashSet<string> _alive = new(StringComparer.Ordinal);
    private readonly List<PhaseBeginning> _phases = [];
    private readonly PriorityQueue<SlowJob, TimeSpan> _slowest = new();
    private TimeSpan _width = binWidth ?? TimeSpan.FromMilliseconds(250);
    private TimeSpan _end;
    private int _started;
    private int _killed;
    private int _stopped;
    private int _unanswered;
    private long _missed;

    /// <summary>Time goes on to an entry; to be called before the entry changes the open jobs.</summary>
    public void Reach(TimeSpan at)
    {
        if (at <= _end && _bins.Count > 0)
        {
            return; // two processes' clocks may be a little apart: what is late counts as now
        }

        _end = at;
        while (at >= _width * MaxBins)
        {
            Coarsen();
        }

        while (_bins.Count <= IndexOf(at))
        {
            CloseLast(_width * _bins.Count);
            _bins.Add(new BinCount());
        }
    }

    public void Add(in HistoryEntry entry, in JobChange change)
    {
        var bin = _bins[^1];
        switch (change.Step)
        {
            case JobStep.Intended:
                _bins[IndexOf(change.DueAt)].Intended++;
                _rates.Due(change.DueAt, change.DueAt, 1, entry.At);
                _latencies.Sent(change.DueAt, change.SentAt);
                break;
            case JobStep.Confirmed:
                bin.Confirmed++;
                _rates.Confirmed();
                RecordAnswer(entry, change);
                break;
            case JobStep.Unanswered:
                _unanswered++;
                RecordAnswer(entry, change);
                break;
            case JobStep.Finished:
                bin.Finished++;
                _rates.Finished(entry.At);
                RecordEnd(JobOf(entry), change.DueAt, change.SentAt, entry.At, isFinished: true);
                break;
        }

        Count(bin, entry);
    }

    /// <summary>Ends the fold.</summary>
    public Timeline ToTimeline()
    {
        CloseLast(_end);
        var unfinished = 0;
        foreach (var (job, dueAt, sentAt) in jobs.Unfinished)
        {
            unfinished++;
            RecordEnd(job, dueAt, sentAt, _end, isFinished: false);
        }

        return new Timeline
        {
            BinWidth = _width,
            Bins = [.. _bins.Select(bin => bin.ToBin())],
            ToConfirm = _latencies.ToConfirm,
            SentToConfirm = _latencies.SentToConfirm,
            Delay = _latencies.Delay,
            EndToEnd = _latencies.EndToEnd,
            SentToEnd = _latencies.SentToEnd,
            Kinds = _latencies.Kinds,
            Rates = _rates.ToRates(_width, Until),
            Unfinished = unfinished,
            Unanswered = _unanswered,
            Missed = _missed,
            Slowest = [.. _slowest.UnorderedItems.Select(each => each.Element).OrderByDescending(slow => slow.Took)],
            Phases = _phases,
            End = _end,
            WorkersStarted = _started,
            WorkersKilled = _killed,
            WorkersStopped = _stopped,
        };
    }

    private void Count(BinCount bin, in HistoryEntry entry)
    {
        switch (entry.Event)
        {
            case HistoryEvent.EnqueuesMissed missed:
                Miss(missed, entry.At);
                break;
            case HistoryEvent.EnqueueRejected:
                bin.Rejected++;
                break;
            case HistoryEvent.EnqueueUnknown:
                bin.Unknown++;
                break;
            case HistoryEvent.RunStarted:
                bin.Started++;
                break;
            case HistoryEvent.EffectDone:
                bin.Effects++;
                break;
            case HistoryEvent.RunFailed:
                bin.Failures++;
                break;
            case HistoryEvent.WorkerStarted worker when !Lives.IsProducer(worker.Worker):
                _started += _alive.Add(worker.Worker) ? 1 : 0;
                break;
            case HistoryEvent.WorkerKilled worker:
                _killed += _alive.Remove(worker.Worker) ? 1 : 0;
                break;
            case HistoryEvent.WorkerStopped worker:
                _stopped += _alive.Remove(worker.Worker) ? 1 : 0;
                break;
            case HistoryEvent.PhaseBegan phase:
                _phases.Add(new PhaseBeginning(phase.Phase, entry.At));
                break;
        }
    }

    private void CloseLast(TimeSpan at)
    {
        if (_bins.Count > 0)
        {
            var last = _bins[^1];
            (last.Backlog, last.Unanswered) = (jobs.Backlog, jobs.Unanswered);
            (last.OldestAge, last.WorkersAlive) = (jobs.OldestAge(at), _alive.Count);
        }
    }

    private void Coarsen()
    {
        CloseLast(_width * _bins.Count);
        for (var index = 0; index < _bins.Count; index += 2)
        {
            if (index + 1 < _bins.Count)
            {
                _bins[index].Merge(_bins[index + 1]);
            }

            _bins[index / 2] = _bins[index];
        }

        _bins.RemoveRange((_bins.Count + 1) / 2, _bins.Count / 2);
        _width *= 2;
    }

    private int IndexOf(TimeSpan at) => (int)Math.Min(at.Ticks / _width.Ticks, int.MaxValue);

    private void RecordAnswer(in HistoryEntry entry, in JobChange change)
    {
        _bins[IndexOf(change.DueAt)].ToConfirm.Record(entry.At - change.DueAt);
        _latencies.Answered(JobOf(entry), change.DueAt, change.SentAt, entry.At);
    }

    private void RecordEnd(JobId job, TimeSpan dueAt, TimeSpan sentAt, TimeSpan at, bool isFinished)
    {
        var took = at - dueAt;
        if (_slowest.Count < ToldJob.Max)
        {
            _slowest.Enqueue(new SlowJob(job, dueAt, took, isFinished), took);
        }
        else if (took > _slowest.Peek().Took)
        {
            _slowest.EnqueueDequeue(new SlowJob(job, dueAt, took, isFinished), took);
        }

        _bins[IndexOf(dueAt)].EndToEnd.Record(at - dueAt);
        _latencies.Finished(job, dueAt, sentAt, at);
    }

    private static JobId JobOf(in HistoryEntry entry) => ((HistoryEvent.OfJob)entry.Event).Job;

    /// <summary>The sum up to a moment; the bin it falls into counts in proportion.</summary>
    private double Until(TimeSpan at, Func<BinCount, int> of)
    {
        var last = IndexOf(at);
        var begin = _width * last;
        var length = _width < _end - begin ? _width : _end - begin;
        var share = length > TimeSpan.Zero ? (at - begin) / length : 1;
        return _bins.Take(last).Sum(of) + (of(_bins[last]) * share);
    }

    /// <summary>They were due one after another, so their ages are taken as even between the first and the last.
    /// </summary>
    private void Miss(HistoryEvent.EnqueuesMissed missed, TimeSpan at)
    {
        const int maxSteps = 10_000;
        var count = Math.Clamp(missed.Count, 0, int.MaxValue);
        var steps = Math.Min(count, maxSteps);
        _missed += count;
        if (count > 0)
        {
            _rates.Due(Moment(at, missed.First), Moment(at, missed.Last), count, at);
        }

        for (var step = 0L; step < steps; step++)
        {
            var age = missed.First - ((missed.First - missed.Last) * ((step + 0.5) / steps));
            var times = (count * (step + 1) / steps) - (count * step / steps);
            var bin = _bins[IndexOf(Moment(at, age))];
            bin.Intended += (int)times;
            bin.ToConfirm.Record(age, times);
            bin.EndToEnd.Record(age, times);
            _latencies.Missed(age, times);
        }
    }

    private static TimeSpan Moment(TimeSpan at, TimeSpan age) => at > age ? at - age : TimeSpan.Zero;
}
