using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Measuring;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Folds a history into a <see cref="Timeline"/>. When there are too many bins, each two become one and bins are twice
/// as wide from then on; so the length of a run need not be known beforehand.
/// </summary>
internal sealed class TimelineFold(OpenJobs jobs, TimeSpan? binWidth)
{
    public const int MaxBins = 1200;

    private readonly List<BinCount> _bins = [];
    private readonly Histogram _toConfirm = new();
    private readonly Histogram _sentToConfirm = new();
    private readonly Histogram _delay = new();
    private readonly Histogram _endToEnd = new();
    private readonly Histogram _sentToEnd = new();
    private readonly HashSet<string> _alive = new(StringComparer.Ordinal);
    private readonly List<PhaseBeginning> _phases = [];
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
                _delay.Record(change.SentAt - change.DueAt);
                break;
            case JobStep.Confirmed:
                bin.Confirmed++;
                RecordConfirm(change, entry.At);
                break;
            case JobStep.Unanswered:
                _unanswered++;
                RecordConfirm(change, entry.At);
                break;
            case JobStep.Finished:
                RecordEnd(change.DueAt, change.SentAt, entry.At);
                break;
        }

        Count(bin, entry);
    }

    /// <summary>Ends the fold.</summary>
    public Timeline ToTimeline()
    {
        CloseLast(_end);
        var unfinished = 0;
        foreach (var (dueAt, sentAt) in jobs.Unfinished)
        {
            unfinished++;
            RecordEnd(dueAt, sentAt, _end);
        }

        return new Timeline
        {
            BinWidth = _width,
            Bins = [.. _bins.Select(bin => bin.ToBin())],
            ToConfirm = _toConfirm,
            SentToConfirm = _sentToConfirm,
            Delay = _delay,
            EndToEnd = _endToEnd,
            SentToEnd = _sentToEnd,
            Unfinished = unfinished,
            Unanswered = _unanswered,
            Missed = _missed,
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

    private void RecordConfirm(in JobChange change, TimeSpan at)
    {
        Record(_toConfirm, _bins[IndexOf(change.DueAt)].ToConfirm, at - change.DueAt);
        _sentToConfirm.Record(at - change.SentAt);
    }

    private void RecordEnd(TimeSpan dueAt, TimeSpan sentAt, TimeSpan at)
    {
        Record(_endToEnd, _bins[IndexOf(dueAt)].EndToEnd, at - dueAt);
        _sentToEnd.Record(at - sentAt);
    }

    /// <summary>They were due one after another, so their ages are taken as even between the first and the last.
    /// </summary>
    private void Miss(HistoryEvent.EnqueuesMissed missed, TimeSpan at)
    {
        const int mostSteps = 10_000;
        var count = Math.Clamp(missed.Count, 0, int.MaxValue);
        var steps = Math.Min(count, mostSteps);
        _missed += count;
        for (var step = 0L; step < steps; step++)
        {
            var age = missed.First - ((missed.First - missed.Last) * ((step + 0.5) / steps));
            var times = (count * (step + 1) / steps) - (count * step / steps);
            var dueAt = at > age ? at - age : TimeSpan.Zero;
            var bin = _bins[IndexOf(dueAt)];
            bin.Intended += (int)times;
            bin.ToConfirm.Record(age, times);
            bin.EndToEnd.Record(age, times);
            _toConfirm.Record(age, times);
            _endToEnd.Record(age, times);
        }
    }

    private static void Record(Histogram all, Histogram bin, TimeSpan latency)
    {
        all.Record(latency);
        bin.Record(latency);
    }
}
