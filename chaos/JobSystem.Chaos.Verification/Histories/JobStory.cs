namespace JobSystem.Chaos.Verification.Histories;

/// <summary>
/// One job's life, folded from its events in their order. Small: a run of chaos has millions of them; the events
/// themselves are looked up again for the few that are wrong.
/// </summary>
internal sealed class JobStory(JobId job)
{
    private readonly List<RunStory> _runs = new(1);
    private int _lastStoredEpoch = int.MinValue;

    public JobId Job { get; } = job;

    public IReadOnlyList<RunStory> Runs => _runs;

    /// <summary>The runs that did the work, in the order of it.</summary>
    public IEnumerable<RunStory> Effects => _runs.Count == 1 && _runs[0].EffectAt is not null
        ? _runs
        : _runs.Where(run => run.EffectAt is not null).OrderBy(run => run.EffectAt);

    public long? IntendedAt { get; private set; }

    public ulong BodyHash { get; private set; }

    public bool IsForeign { get; private set; }

    public EnqueueAnswer Answer { get; private set; }

    public FailureReason? DeadLetter { get; private set; }

    public string? StillIn { get; private set; }

    public bool IsDestroyed { get; private set; }

    /// <summary>A worker says that it stored it among the dead letters. The verdict believes what is found there.
    /// </summary>
    public bool IsBuried { get; private set; }

    /// <summary>Where a message was acked too early, in words; null: nowhere.</summary>
    public string? EarlyAck { get; private set; }

    public bool IsFinished => _runs.Exists(run => run.EffectAt is not null);

    /// <summary>Somebody has seen it on the other side.</summary>
    public bool WasSeen => _runs.Count > 0 || DeadLetter is not null || StillIn is not null;

    public void Add(in HistoryEntry entry)
    {
        switch (entry.Event)
        {
            case HistoryEvent.EnqueueIntended intended:
                IntendedAt ??= entry.Number;
                BodyHash = intended.BodyHash;
                IsForeign = intended.IsForeign;
                break;
            case HistoryEvent.EnqueueConfirmed:
                Answered(EnqueueAnswer.Confirmed);
                break;
            case HistoryEvent.EnqueueRejected:
                Answered(EnqueueAnswer.Rejected);
                break;
            case HistoryEvent.EnqueueUnknown:
                Answered(EnqueueAnswer.Unknown);
                break;
            case HistoryEvent.RunStarted started:
                RunOf(started.Run, entry.Number).BodyHash = started.BodyHash;
                break;
            case HistoryEvent.EffectDone done:
                RunOf(done.Run, entry.Number).EffectAt ??= entry.Number;
                break;
            case HistoryEvent.RunFailed failed:
                RunOf(failed.Run, entry.Number).HasFailed = true;
                break;
            case HistoryEvent.MessageStored stored:
                _lastStoredEpoch = Math.Max(_lastStoredEpoch, stored.Epoch);
                IsBuried |= stored.Epoch == HistoryEvent.MessageStored.EpochOfDeadLetters;
                break;
            case HistoryEvent.MessageAcked acked:
                CheckAck(acked);
                break;
            case HistoryEvent.DeadLettered dead:
                DeadLetter = dead.Reason;
                break;
            case HistoryEvent.StillQueued queued:
                StillIn = queued.Queue;
                break;
            case HistoryEvent.Destroyed:
                IsDestroyed = true;
                break;
        }
    }

    private RunStory RunOf(RunId id, long now)
    {
        var run = _runs.Find(run => run.Id == id);
        if (run is null)
        {
            _runs.Add(run = new RunStory(id, now));
        }

        return run;
    }

    /// <summary>Of several answers (a job sent again) the best counts: once confirmed it is the broker's.</summary>
    private void Answered(EnqueueAnswer answer) => Answer = answer > Answer ? answer : Answer;

    private static string WordOf(int epoch) =>
        epoch == HistoryEvent.MessageStored.EpochOfDeadLetters ? "" : $"of epoch {epoch} ";

    /// <summary>An ack is earned by the work, or by a later message of the job that is stored.</summary>
    private void CheckAck(HistoryEvent.MessageAcked acked)
    {
        if (!IsFinished && _lastStoredEpoch <= acked.Epoch)
        {
            EarlyAck ??= $"its message {WordOf(acked.Epoch)}in '{acked.Queue}' was acked before anything was done";
        }
    }
}

/// <summary>What a client was told, the worst first.</summary>
internal enum EnqueueAnswer
{
    None,
    Rejected,
    Unknown,
    Confirmed,
}

/// <summary>One run of a job.</summary>
internal sealed class RunStory(RunId id, long startedAt)
{
    public RunId Id { get; } = id;

    public long StartedAt { get; } = startedAt;

    public ulong? BodyHash { get; set; }

    public long? EffectAt { get; set; }

    public bool HasFailed { get; set; }
}
