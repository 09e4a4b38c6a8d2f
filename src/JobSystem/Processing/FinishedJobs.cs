using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// What has ended in this process and may be delivered again: the broker had not heard of it yet when its channel or
/// itself went away. Bounded; the oldest is forgotten first. Not thread-safe: its runner's own.
/// A job of ours is remembered by its key. Foreign messages alike in every byte are counted instead, and only those
/// whose ack can not have reached the broker: each such run pays for one ack without a run, so there are as many runs
/// as messages, never fewer.
/// </summary>
internal sealed class FinishedJobs(int capacity, TimeSpan resendWindow)
{
    private readonly Dictionary<JobKey, Ended> _unique = [];
    private readonly Queue<(JobKey Key, DateTimeOffset At)> _uniqueByAge = new();
    private readonly Dictionary<JobKey, int> _owed = [];
    private readonly Queue<JobKey> _owedByAge = new();

    public int Count => _unique.Count + _owedByAge.Count;

    /// <param name="key">Of the job.</param>
    /// <param name="job">Its message that has ended, acked or replaced by a successor.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="now">The time.</param>
    public void Remember(JobKey key, Job job, JobEnd end, DateTimeOffset now)
    {
        if (key.IsUnique)
        {
            RememberUnique(key, job, end.Settlement is Settlement.Ack, now);
        }
        else if (!end.Reached)
        {
            Owe(key);
        }
    }

    /// <summary>A run has ended whose ack cannot have reached the broker. Ours is known by its key already.</summary>
    public void Owe(JobKey key)
    {
        if (key.IsUnique)
        {
            return;
        }

        _owed[key] = _owed.GetValueOrDefault(key) + 1;
        _owedByAge.Enqueue(key);
        if (_owedByAge.Count > capacity)
        {
            TryPay(_owedByAge.Dequeue());
        }
    }

    /// <summary>
    /// Is this delivery of something that has ended here? Then it is to be acked without a run. A job that is done is
    /// so in whichever of its messages; of one that goes on in a successor the earlier messages are obsolete.
    /// </summary>
    public bool Recognises(JobKey key, Delivery delivery, DateTimeOffset now)
    {
        if (!key.IsUnique)
        {
            return delivery.Redelivered && TryPay(key);
        }

        // Beyond the window the same id may have been enqueued again on purpose: its time of enqueue tells.
        return _unique.TryGetValue(key, out var ended)
            && (ended.IsDone || delivery.Job.Epoch <= ended.Epoch)
            && (now - ended.At < resendWindow
                || (delivery.Redelivered && delivery.Job.EnqueuedAt == ended.EnqueuedAt));
    }

    private void RememberUnique(JobKey key, Job job, bool isDone, DateTimeOffset now)
    {
        _unique[key] = _unique.TryGetValue(key, out var before) && before.EnqueuedAt == job.EnqueuedAt
            ? new Ended(Math.Max(before.Epoch, job.Epoch), before.IsDone || isDone, job.EnqueuedAt, now)
            : new Ended(job.Epoch, isDone, job.EnqueuedAt, now);
        _uniqueByAge.Enqueue((key, now));
        if (_uniqueByAge.Count > capacity)
        {
            var (oldest, at) = _uniqueByAge.Dequeue();
            if (_unique.TryGetValue(oldest, out var latest) && latest.At == at)
            {
                _unique.Remove(oldest);
            }
        }
    }

    private bool TryPay(JobKey key)
    {
        switch (_owed.GetValueOrDefault(key))
        {
            case 0:
                return false;
            case 1:
                return _owed.Remove(key);
            case var count:
                _owed[key] = count - 1;
                return true;
        }
    }

    /// <summary>How a job of ours stood when it last ended here.</summary>
    /// <param name="Epoch">The highest of its messages that have ended.</param>
    /// <param name="IsDone">It was finished, not only replaced by a successor.</param>
    /// <param name="EnqueuedAt">Tells this enqueue from another with the same id.</param>
    /// <param name="At">When.</param>
    private readonly record struct Ended(int Epoch, bool IsDone, DateTimeOffset? EnqueuedAt, DateTimeOffset At);
}
