namespace JobSystem.Processing;

/// <summary>One publish on its way to an answer, which it gets once.</summary>
internal sealed class OutboxEntry(PublisherMessage.Publish publish, long addedAt)
{
    public Job Job => publish.Job;

    public Destination Destination => publish.Destination;

    public TimeSpan Deadline => publish.Deadline;

    public long AddedAt { get; } = addedAt;

    public long SentAt { get; set; }

    /// <summary>
    /// It was handed to a channel at least once: without an answer it is unknown, no longer rejected.
    /// </summary>
    public bool WasSent { get; set; }

    /// <summary>It was on its way when a channel was refused: one of these is the cause.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>An earlier channel broke while it was on its way: the broker may have got it then.</summary>
    public bool MayBeStored { get; set; }

    /// <summary>As <see cref="MayBeStored"/>, and not because the broker refused something.</summary>
    public bool WasLost { get; set; }

    public void Confirm() => publish.Done(new EnqueueResult.Confirmed(Job.Id));

    /// <summary>The broker can never have got it.</summary>
    public void Reject(string reason) => publish.Done(new EnqueueResult.Rejected(Job.Id, reason));

    /// <summary>This send of it was not taken; an earlier one may have been.</summary>
    public void Nack(string reason) => RejectUnless(MayBeStored, reason);

    /// <summary>Alone on its channel, it broke it: then it did before, too, where something was refused.</summary>
    public void Blame(string reason) => RejectUnless(WasLost, reason);

    public void Expire(string why) => publish.Done(WasSent
        ? new EnqueueResult.Unknown(Job.Id, $"sent, but not confirmed within {Deadline}: {why}")
        : new EnqueueResult.Rejected(Job.Id, $"never sent within {Deadline}: {why}"));

    private void RejectUnless(bool mayBeStored, string reason) => publish.Done(mayBeStored
        ? new EnqueueResult.Unknown(Job.Id, $"sent, but not confirmed, and refused when it was sent again: {reason}")
        : new EnqueueResult.Rejected(Job.Id, reason));
}

/// <summary>
/// The publishes that have no answer yet: those that wait, in order, and those that were sent, by number. The
/// publisher's own; bounded by what its callers may have on their way.
/// </summary>
internal sealed class Outbox
{
    private LinkedList<OutboxEntry> _waiting = new();
    private readonly SortedDictionary<ulong, OutboxEntry> _sent = [];
    private int _suspects;

    public bool IsEmpty => _waiting.Count == 0 && _sent.Count == 0;

    public long? OldestSentAt => _sent.Count > 0 ? _sent.First().Value.SentAt : null;

    public void Add(OutboxEntry entry) => _waiting.AddLast(entry);

    /// <summary>The next to send; null when none waits or enough are on their way. Suspects go one by one.</summary>
    public OutboxEntry? NextToSend(int window) =>
        _waiting.First is { } first && _sent.Count < (_suspects > 0 ? 1 : window) ? first.Value : null;

    public void Sent(OutboxEntry entry, ulong number, long now)
    {
        _waiting.RemoveFirst();
        entry.SentAt = now;
        entry.WasSent = true;
        _sent.Add(number, entry);
    }

    public void Confirm(ulong number, bool multiple)
    {
        if (!multiple)
        {
            Remove(number)?.Confirm();
            return;
        }

        while (_sent.Count > 0 && _sent.First() is var oldest && oldest.Key <= number)
        {
            Remove(oldest.Key)?.Confirm();
        }
    }

    public void Reject(ulong number, string reason) => Remove(number)?.Nack(reason);

    /// <summary>The channel is gone: what it had goes again first, in its order.</summary>
    /// <param name="wasRefused">The broker closed it because of one of these.</param>
    public void TakeBackSent(bool wasRefused)
    {
        foreach (var entry in _sent.Values.Reverse())
        {
            entry.MayBeStored = true;
            entry.WasLost |= !wasRefused;
            _waiting.AddFirst(entry);
        }

        _sent.Clear();
    }

    /// <summary>
    /// The broker refused something on the channel and closed it without saying which publish it was. One alone on
    /// its way is the one; of several each is sent alone next time.
    /// </summary>
    public void BlameChannelFailure(string why)
    {
        if (_sent.Count == 1)
        {
            Remove(_sent.First().Key)!.Blame(why);
            return;
        }

        foreach (var entry in _sent.Values.Where(entry => !entry.IsSuspect))
        {
            entry.IsSuspect = true;
            _suspects++;
        }
    }

    /// <summary>Takes out what matches, wherever it stands.</summary>
    public IReadOnlyList<OutboxEntry> Take(Func<OutboxEntry, bool> matches)
    {
        var taken = _sent.Where(sent => matches(sent.Value)).Select(sent => sent.Key).ToList()
            .ConvertAll(number => Remove(number)!);
        if (_waiting.Any(matches))
        {
            var waiting = _waiting.Where(matches).ToList();
            waiting.ForEach(Clear);
            taken.AddRange(waiting);
            _waiting = new LinkedList<OutboxEntry>(_waiting.Where(entry => !matches(entry)));
        }

        return taken;
    }

    public IReadOnlyList<OutboxEntry> TakeAll() => Take(static _ => true);

    private OutboxEntry? Remove(ulong number)
    {
        if (_sent.Remove(number, out var entry))
        {
            Clear(entry);
        }

        return entry;
    }

    private void Clear(OutboxEntry entry)
    {
        if (entry.IsSuspect)
        {
            entry.IsSuspect = false;
            _suspects--;
        }
    }
}
