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
    private readonly Dictionary<JobKey, DateTimeOffset> _unique = [];
    private readonly Queue<(JobKey Key, DateTimeOffset At)> _uniqueByAge = new();
    private readonly Dictionary<JobKey, int> _owed = [];
    private readonly Queue<JobKey> _owedByAge = new();

    public int Count => _unique.Count + _owedByAge.Count;

    /// <param name="key">The finished job.</param>
    /// <param name="settleSent">Its settle was handed to a live channel (whether it arrived is not known).</param>
    /// <param name="now">The time.</param>
    public void Remember(JobKey key, bool settleSent, DateTimeOffset now)
    {
        if (key.IsUnique)
        {
            _unique[key] = now;
            _uniqueByAge.Enqueue((key, now));
            if (_uniqueByAge.Count > capacity)
            {
                ForgetOldestUnique();
            }
        }
        else if (!settleSent)
        {
            _owed[key] = _owed.GetValueOrDefault(key) + 1;
            _owedByAge.Enqueue(key);
            if (_owedByAge.Count > capacity)
            {
                TryPay(_owedByAge.Dequeue());
            }
        }
    }

    /// <summary>Is this delivery of something that has ended here? Then it is to be acked without a run.</summary>
    public bool Recognises(JobKey key, bool redelivered, DateTimeOffset now) => key.IsUnique
        ? _unique.TryGetValue(key, out var endedAt) && (redelivered || now - endedAt < resendWindow)
        : redelivered && TryPay(key);

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

    private void ForgetOldestUnique()
    {
        var (key, at) = _uniqueByAge.Dequeue();
        if (_unique.TryGetValue(key, out var latest) && latest == at)
        {
            _unique.Remove(key);
        }
    }
}
