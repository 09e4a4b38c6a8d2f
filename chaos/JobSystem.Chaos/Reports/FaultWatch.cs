using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Follows one fault from its injection through the stages of the recovery. Retires when all that can be expected of
/// it has been seen, or a minute after the healing: what comes later has another cause.
/// </summary>
internal sealed class FaultWatch(HistoryEvent.FaultInjected injected, TimeSpan at, string? victim, int pending)
{
    private const int MaxInHand = 4096;

    /// <summary>What a fault did comes to light a little after it: redelivered jobs finish, deadlines pass.</summary>
    private static readonly TimeSpan _aftermath = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly HashSet<JobId> _inHand = [];
    private readonly HashSet<JobId> _undone = [];
    private readonly List<FaultTrouble> _troubles = [];
    private TimeSpan? _happenedAt;
    private string _proof = "";
    private TimeSpan? _healedAt;
    private TimeSpan? _diedAt;
    private TimeSpan? _detected;
    private TimeSpan? _redelivery;
    private TimeSpan? _firstConfirm;
    private TimeSpan? _firstFinished;
    private TimeSpan? _drained;
    private bool _hadEnqueues;
    private bool _hadWork;
    private int _rise;
    private int _unknown;
    private int _duplicated;
    private TimeSpan _worst;

    public int Fault => injected.Fault;

    /// <summary>The worker that suffers; null where it is not a worker.</summary>
    public string? Victim => victim;

    /// <summary>The victim (or anybody, where it is not a worker) was running this job.</summary>
    public void Hold(JobId job)
    {
        if (_inHand.Count < MaxInHand)
        {
            _inHand.Add(job);
            _undone.Add(job);
        }
    }

    public void Happened(TimeSpan now, string proof)
    {
        _happenedAt ??= now;
        _proof = _proof.Length == 0 ? proof : _proof;
    }

    /// <param name="now">When.</param>
    /// <param name="unanswered">Enqueues that wait for their answer then.</param>
    /// <param name="waiting">Jobs that are to be done then and that nobody is running.</param>
    public void Healed(TimeSpan now, int unanswered, int waiting)
    {
        if (_healedAt is null)
        {
            (_healedAt, _hadEnqueues, _hadWork) = (now, unanswered > 0, waiting > 0);
        }
    }

    /// <summary>A client asks for a job to be done: from the healing on there is something to expect.</summary>
    public void Intended()
    {
        if (_healedAt is not null)
        {
            (_hadEnqueues, _hadWork) = (true, true);
        }
    }

    public void Failed(FaultStep step, string why) => _troubles.Add(new FaultTrouble(step, why));

    public bool IsOver(TimeSpan now) => _healedAt is { } healedAt && _drained is not null
        && now > healedAt + _aftermath
        && (now > healedAt + _patience || IsAnswered);

    private bool IsAnswered => _detected is not null && _firstConfirm is not null && _firstFinished is not null
        && (_redelivery is not null || !HadJobsInHand);

    /// <summary>A worker was hit whose jobs somebody else must run.</summary>
    private bool HadJobsInHand => victim is not null && (_redelivery is not null || _undone.Count > 0);

    /// <summary>A connection or a process is gone: it is noticed, if it is the victim or there is none.</summary>
    /// <param name="process">Whose; empty where that is not known.</param>
    public void Lost(TimeSpan now, string process)
    {
        if (victim is null || process.Length == 0 || process == victim)
        {
            _detected ??= now - at;
        }
    }

    public void Died(TimeSpan now, string worker)
    {
        Lost(now, worker);
        if (worker == victim)
        {
            _diedAt ??= now;
        }
    }

    public void Began(TimeSpan now, JobId job, string worker)
    {
        if (worker == victim)
        {
            if (_diedAt is null && _healedAt is null)
            {
                Hold(job);
            }
        }
        else if (_inHand.Contains(job))
        {
            _detected ??= now - at;
            _redelivery ??= victim is null ? null : now - (_diedAt ?? at);
        }
    }

    /// <summary>It went wrong in the victim's hand: that it comes again is no redelivery but a retry.</summary>
    public void Failed(JobId job, string worker)
    {
        if (victim is null || worker == victim)
        {
            _inHand.Remove(job);
            _undone.Remove(job);
        }
    }

    /// <summary>The victim has still done it: it may come again, but need not.</summary>
    public void Done(JobId job, string worker)
    {
        if (worker == victim)
        {
            _undone.Remove(job);
        }
    }

    public void Confirmed(TimeSpan now) => _firstConfirm ??= now - _healedAt;

    /// <param name="begunAt">When the run that finished it began.</param>
    /// <param name="change">Whether it is the first time.</param>
    public void Finished(TimeSpan now, TimeSpan begunAt, in JobChange change)
    {
        if (begunAt >= _healedAt)
        {
            _firstFinished ??= now - _healedAt;
        }

        if (IsInWindow(now))
        {
            _duplicated += change.Step == JobStep.FinishedAgain ? 1 : 0;
            var latency = change.Step == JobStep.Finished ? now - change.DueAt : TimeSpan.Zero;
            _worst = latency > _worst ? latency : _worst;
        }
    }

    public void Unknown(TimeSpan now) => _unknown += IsInWindow(now) ? 1 : 0;

    public void Stands(TimeSpan now, int pendingNow)
    {
        if (_drained is null)
        {
            _rise = Math.Max(_rise, pendingNow - pending);
            _drained = pendingNow <= pending ? now - _healedAt : null;
        }
    }

    public FaultRecovery ToRecovery() => new()
    {
        Fault = injected.Fault,
        Name = injected.Name,
        Victim = injected.Target,
        InjectedAt = at,
        HappenedAt = _happenedAt,
        Proof = _proof,
        HealedAt = _healedAt,
        Troubles = _troubles,
        Detected = _detected,
        Redelivery = _redelivery,
        FirstConfirm = _firstConfirm,
        FirstFinished = _firstFinished,
        BacklogDrained = _drained,
        HadJobsInHand = HadJobsInHand,
        HadEnqueues = _healedAt is null || _hadEnqueues,
        HadWork = _healedAt is null || _hadWork,
        BacklogBefore = pending,
        BacklogPeak = pending + _rise,
        Unknown = _unknown,
        Duplicated = _duplicated,
        WorstLatency = _worst,
    };

    private bool IsInWindow(TimeSpan now) =>
        _drained is null || _healedAt is null || now <= _healedAt + Larger(_drained.Value, _aftermath);

    private static TimeSpan Larger(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
