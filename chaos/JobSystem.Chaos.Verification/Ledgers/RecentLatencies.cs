using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// Latencies of the last seconds from events as they come while the run is under way: those of one file in order,
/// those of several in none. Bounded: of too many jobs under way only a share is followed, chosen by chance, so that
/// percentiles stay those of all. For people who look on; reports are made from the ledger. Thread-safe.
/// </summary>
internal sealed class RecentLatencies
{
    /// <summary>Followed at a time; more halve the share.</summary>
    public const int MaxJobs = 1 << 15;

    private const int Seconds = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<JobId, Followed> _jobs = [];
    private readonly RecentHistogram _confirm = new(Seconds);
    private readonly RecentHistogram _finish = new(Seconds);
    private readonly RecentHistogram _delay = new(2);
    private List<(JobId Job, TimeSpan At)> _early = [];
    private List<(JobId Job, TimeSpan At)> _earlier = [];
    private int _mask;
    private long _sent;
    private TimeSpan _lastDue;

    /// <summary>Jobs that it keeps in memory.</summary>
    public int Remembered
    {
        get
        {
            lock (_gate)
            {
                return _jobs.Count + _early.Count + _earlier.Count;
            }
        }
    }

    public void Add(in HistoryEntry entry)
    {
        lock (_gate)
        {
            switch (entry.Event)
            {
                case HistoryEvent.EnqueueIntended intended:
                    Sent(intended, entry.At);
                    break;
                case HistoryEvent.EnqueueConfirmed or HistoryEvent.EnqueueUnknown:
                    Answered(((HistoryEvent.OfJob)entry.Event).Job, entry.At);
                    break;
                case HistoryEvent.EnqueueRejected rejected:
                    _jobs.Remove(rejected.Job);
                    break;
                case HistoryEvent.EffectDone done when IsFollowed(done.Job) && !Finished(done.Job, entry.At):
                    _early.Add((done.Job, entry.At));
                    break;
            }
        }
    }

    /// <summary>
    /// All files have been read as far as they went. Work that was read before its enqueue is matched now; what still
    /// is of no known job was done again, long after.
    /// </summary>
    public void EndOfRound()
    {
        lock (_gate)
        {
            foreach (var (job, at) in _earlier)
            {
                Finished(job, at);
            }

            _earlier.Clear();
            (_early, _earlier) = (_earlier, _early);
        }
    }

    /// <param name="now">On the clock of the ledger.</param>
    public RecentFigures Look(TimeSpan now)
    {
        lock (_gate)
        {
            var (confirm, finish, delay) = (_confirm.Before(now), _finish.Before(now), _delay.Before(now));
            return new RecentFigures(
                _sent, _sent == 0 ? null : _lastDue, delay.Count == 0 ? null : delay.Max, confirm, finish);
        }
    }

    private void Sent(HistoryEvent.EnqueueIntended intended, TimeSpan at)
    {
        _sent++;
        _delay.Record(at, intended.Late);
        var dueAt = at - intended.Late;
        _lastDue = dueAt > _lastDue ? dueAt : _lastDue;
        if (IsFollowed(intended.Job) && _jobs.TryAdd(intended.Job, new Followed(dueAt)) && _jobs.Count > MaxJobs)
        {
            FollowFewer();
        }
    }

    private void Answered(JobId id, TimeSpan at)
    {
        if (!_jobs.TryGetValue(id, out var job) || job.IsAnswered)
        {
            return;
        }

        _confirm.Record(at, at - job.DueAt);
        job.IsAnswered = true;
        if (job.IsFinished)
        {
            _jobs.Remove(id);
        }
    }

    /// <returns>False: it is not known.</returns>
    private bool Finished(JobId id, TimeSpan at)
    {
        if (!_jobs.TryGetValue(id, out var job))
        {
            return false;
        }

        if (!job.IsFinished)
        {
            _finish.Record(at, at - job.DueAt);
            job.IsFinished = true;
        }

        if (job.IsAnswered)
        {
            _jobs.Remove(id);
        }

        return true;
    }

    private bool IsFollowed(JobId job) => (job.GetHashCode() & _mask) == 0;

    private void FollowFewer()
    {
        _mask = (_mask << 1) | 1;
        foreach (var job in _jobs.Keys.Where(job => !IsFollowed(job)).ToList())
        {
            _jobs.Remove(job);
        }
    }

    private sealed class Followed(TimeSpan dueAt)
    {
        public TimeSpan DueAt { get; } = dueAt;

        public bool IsAnswered { get; set; }

        public bool IsFinished { get; set; }
    }
}

/// <summary>How the load goes right now.</summary>
/// <param name="Sent">Since the beginning.</param>
/// <param name="LastDue">When the latest of these was due. Null: none was sent.</param>
/// <param name="Delay">How late the latest of the last seconds was sent. Null: none was.</param>
/// <param name="Confirm">From due, of the last seconds.</param>
/// <param name="Finish">From due, of the last seconds.</param>
internal sealed record RecentFigures(
    long Sent, TimeSpan? LastDue, TimeSpan? Delay, Histogram Confirm, Histogram Finish);
