using System.Runtime.InteropServices;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// The jobs that are under way, folded from a history: how many stand in the backlog (confirmed and not finished) and
/// since when, and how many wait for an answer. Keeps only what is not both confirmed and finished, so it grows with
/// the backlog and not with the run.
/// </summary>
internal sealed class OpenJobs
{
    /// <summary>No client that lives waits longer for an answer; one that has had none then is dead.</summary>
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromMinutes(2);

    private readonly Dictionary<JobId, OpenJob> _open = [];
    private readonly Queue<OpenJob> _asked = new();
    private Queue<OpenJob> _byAge = new();

    /// <summary>Confirmed, and neither finished nor destroyed nor a dead letter.</summary>
    public int Backlog { get; private set; }

    /// <summary>Due, and neither answered nor finished: this grows while the broker is away.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Everything that has been asked for and is still to be done.</summary>
    public int Pending => Backlog + Unanswered;

    /// <summary>All that it keeps in memory, in places of jobs.</summary>
    public int Remembered => _open.Count + _asked.Count + _byAge.Count;

    /// <summary>When each job of the backlog was due and sent, in no order.</summary>
    public IEnumerable<(JobId Job, TimeSpan DueAt, TimeSpan SentAt)> Unfinished =>
        _open.Where(job => job.Value.IsInBacklog).Select(job => (job.Key, job.Value.DueAt, job.Value.SentAt));

    /// <summary>How long the oldest of the backlog has been confirmed; zero where there is none.</summary>
    public TimeSpan OldestAge(TimeSpan now)
    {
        while (_byAge.TryPeek(out var oldest) && !oldest.IsInBacklog)
        {
            _byAge.Dequeue();
        }

        return _byAge.TryPeek(out var waiting) ? now - waiting.ConfirmedAt : TimeSpan.Zero;
    }

    public JobChange Add(in HistoryEntry entry)
    {
        ForgetTheDead(entry.At);
        switch (entry.Event)
        {
            case HistoryEvent.EnqueueIntended intended:
                return Intended(intended, entry.At);
            case HistoryEvent.EnqueueConfirmed confirmed:
                return Confirmed(confirmed.Job, entry.At);
            case HistoryEvent.EnqueueRejected rejected:
                return Answered(rejected.Job, JobStep.None);
            case HistoryEvent.EnqueueUnknown unknown:
                return Answered(unknown.Job, JobStep.Unanswered);
            case HistoryEvent.WorkerKilled { Worker: var life } when Lives.IsProducer(life):
                return ProducerDied();
            case HistoryEvent.EffectDone done:
                return Finished(done.Job);
            case HistoryEvent.DeadLettered or HistoryEvent.Destroyed
                or HistoryEvent.MessageStored { Epoch: HistoryEvent.MessageStored.EpochOfDeadLetters }:
                return Ended(((HistoryEvent.OfJob)entry.Event).Job);
            default:
                return default;
        }
    }

    /// <summary>Sent again it is the same job: what counts is when it was meant to be there first.</summary>
    private JobChange Intended(HistoryEvent.EnqueueIntended intended, TimeSpan now)
    {
        ref var job = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, intended.Job, out var isKnown);
        var dueAt = now - intended.Late;
        job ??= new OpenJob(dueAt > TimeSpan.Zero ? dueAt : TimeSpan.Zero, now);
        if (!job.IsConfirmed && !job.IsFinished && !job.IsAsked)
        {
            (job.IsAsked, job.AskedAt) = (true, now);
            Unanswered++;
            _asked.Enqueue(job);
        }

        return isKnown ? default : job.To(JobStep.Intended);
    }

    private JobChange Answered(JobId id, JobStep step)
    {
        if (!_open.TryGetValue(id, out var job) || !job.IsAsked)
        {
            return default;
        }

        Answered(job);
        return job.To(step);
    }

    private void Answered(OpenJob job)
    {
        Unanswered -= job.IsAsked ? 1 : 0;
        job.IsAsked = false;
    }

    /// <summary>
    /// Nobody waits any more for the answers it was waiting for. Which those are is not told, so all are forgotten:
    /// the few that others wait for are answered in a moment.
    /// </summary>
    private JobChange ProducerDied()
    {
        while (_asked.TryDequeue(out var job))
        {
            Answered(job);
        }

        return default;
    }

    private void ForgetTheDead(TimeSpan now)
    {
        while (_asked.TryPeek(out var oldest) && (!oldest.IsAsked || now - oldest.AskedAt > _longestAnswer))
        {
            Answered(_asked.Dequeue());
        }
    }

    private JobChange Confirmed(JobId id, TimeSpan now)
    {
        if (!_open.TryGetValue(id, out var job) || job.IsConfirmed)
        {
            return default;
        }

        Answered(job);
        (job.IsConfirmed, job.ConfirmedAt) = (true, now);
        if (job.IsFinished)
        {
            _open.Remove(id);
        }
        else if (job.IsInBacklog)
        {
            Backlog++;
            Remember(job);
        }

        return job.To(JobStep.Confirmed);
    }

    private JobChange Finished(JobId id)
    {
        if (!_open.TryGetValue(id, out var job) || job.IsFinished)
        {
            return new JobChange(JobStep.FinishedAgain, default, default);
        }

        Answered(job);
        Backlog -= job.IsInBacklog ? 1 : 0;
        job.IsFinished = true;
        if (job.IsConfirmed)
        {
            _open.Remove(id);
        }

        return job.To(JobStep.Finished);
    }

    /// <summary>It leaves the backlog, yet stays known: it may still be in somebody's hand and be finished.</summary>
    private JobChange Ended(JobId id)
    {
        if (_open.TryGetValue(id, out var job))
        {
            Backlog -= job.IsInBacklog ? 1 : 0;
            job.HasEnded = true;
        }

        return default;
    }

    /// <summary>One old job at the head must not keep all that finish behind it in memory.</summary>
    private void Remember(OpenJob job)
    {
        if (_byAge.Count > 1024 && _byAge.Count > 4 * Backlog)
        {
            _byAge = new Queue<OpenJob>(_byAge.Where(each => each.IsInBacklog));
        }

        _byAge.Enqueue(job);
    }

    private sealed class OpenJob(TimeSpan dueAt, TimeSpan sentAt)
    {
        public TimeSpan DueAt { get; } = dueAt;

        public TimeSpan SentAt { get; } = sentAt;

        public TimeSpan AskedAt { get; set; }

        public TimeSpan ConfirmedAt { get; set; }

        /// <summary>Sent, and not answered yet.</summary>
        public bool IsAsked { get; set; }

        public bool IsConfirmed { get; set; }

        public bool IsFinished { get; set; }

        public bool HasEnded { get; set; }

        public bool IsInBacklog => IsConfirmed && !IsFinished && !HasEnded;

        public JobChange To(JobStep step) => new(step, DueAt, SentAt);
    }
}

/// <summary>What an entry of the history meant for its job.</summary>
/// <param name="Step">What happened to it for the first time.</param>
/// <param name="DueAt">When it was meant to be enqueued; not set where it is finished again.</param>
/// <param name="SentAt">When it was; later than that where the client had to wait.</param>
internal readonly record struct JobChange(JobStep Step, TimeSpan DueAt, TimeSpan SentAt);

/// <summary>The steps of a job that reports count.</summary>
internal enum JobStep
{
    None,
    Intended,
    Confirmed,
    Unanswered,
    Finished,
    FinishedAgain,
}
