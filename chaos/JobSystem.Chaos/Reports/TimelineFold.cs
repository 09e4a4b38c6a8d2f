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
    private readonly Histogram _endToEnd = new();
    private readonly HashSet<string> _alive = new(StringComparer.Ordinal);
    private readonly List<PhaseBeginning> _phases = [];
    private TimeSpan _width = binWidth ?? TimeSpan.FromMilliseconds(250);
    private TimeSpan _end;
    private int _started;
    private int _killed;
    private int _stopped;

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
                bin.Intended++;
                break;
            case JobStep.Confirmed:
                bin.Confirmed++;
                Record(_toConfirm, _bins[IndexOf(change.IntendedAt)].ToConfirm, entry.At - change.IntendedAt);
                break;
            case JobStep.Finished:
                Record(_endToEnd, _bins[IndexOf(change.IntendedAt)].EndToEnd, entry.At - change.IntendedAt);
                break;
        }

        Count(bin, entry);
    }

    /// <summary>Ends the fold.</summary>
    public Timeline ToTimeline()
    {
        CloseLast(_end);
        var unfinished = 0;
        foreach (var intendedAt in jobs.IntentsOfBacklog)
        {
            unfinished++;
            Record(_endToEnd, _bins[IndexOf(intendedAt)].EndToEnd, _end - intendedAt);
        }

        return new Timeline
        {
            BinWidth = _width,
            Bins = [.. _bins.Select(bin => bin.ToBin())],
            ToConfirm = _toConfirm,
            EndToEnd = _endToEnd,
            Unfinished = unfinished,
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

    private static void Record(Histogram all, Histogram bin, TimeSpan latency)
    {
        all.Record(latency);
        bin.Record(latency);
    }
}
