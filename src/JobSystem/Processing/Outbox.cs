namespace JobSystem.Processing;

/// <summary>One publish on its way to an answer, which it gets once.</summary>
internal sealed class OutboxEntry(PublisherMessage.Publish publish)
{
    public Job Job => publish.Job;

    public Destination Destination => publish.Destination;

    public TimeSpan Deadline => publish.Deadline;

    /// <summary>A successor of a run that has ended: there are never more than slots.</summary>
    public bool IsSuccessor => publish.Run != 0;

    /// <summary>It is one of those that may be unanswered at a time; its deadline counts from then.</summary>
    public bool IsAdmitted { get; set; }

    public long AdmittedAt { get; set; }

    public long SentAt { get; set; }

    /// <summary>By which its present channel knows it.</summary>
    public ulong Number { get; set; }

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

    public void Confirm() => publish.Answer(new EnqueueResult.Confirmed(Job.Id));

    /// <summary>The broker can never have got it.</summary>
    public void Reject(string reason) =>
        publish.Answer(new EnqueueResult.Rejected(Job.Id, reason) { IsFinal = true });

    /// <summary>This send of it was not taken; an earlier one may have been.</summary>
    public void Nack(string reason, bool isFinal) => RejectUnless(MayBeStored, reason, isFinal);

    /// <summary>Alone on its channel, it broke it: then it did before, too, where something was refused.</summary>
    public void Blame(string reason) => RejectUnless(WasLost, reason, isFinal: true);

    public void Expire(string why) => publish.Answer(WasSent
        ? new EnqueueResult.Unknown(Job.Id, $"sent, but not confirmed within {Deadline}: {why}")
        : new EnqueueResult.Rejected(Job.Id, $"never sent within {Deadline}: {why}"));

    private void RejectUnless(bool mayBeStored, string reason, bool isFinal) => publish.Answer(mayBeStored
        ? new EnqueueResult.Unknown(Job.Id, $"sent, but not confirmed, and refused when it was sent again: {reason}")
        : new EnqueueResult.Rejected(Job.Id, reason) { IsFinal = isFinal });
}

/// <summary>
/// The publishes that have no answer yet, each in one place: queued (too many are unanswered), admitted and waiting for
/// the channel, or sent. The publisher's own, and the only book of them.
/// </summary>
/// <param name="window">How many of clients may be admitted, and how many of all may be sent.</param>
internal sealed class Outbox(int window)
{
    private readonly Queue<OutboxEntry> _queued = new();
    private readonly LinkedList<OutboxEntry> _waiting = new();
    private readonly LinkedList<OutboxEntry> _sent = new();
    private readonly Dictionary<ulong, LinkedListNode<OutboxEntry>> _sentByNumber = [];
    private int _suspects;
    private int _admitted;

    public bool IsEmpty => _waiting.Count == 0 && _sent.Count == 0 && _queued.Count == 0;

    public long? OldestSentAt => _sent.First?.Value.SentAt;

    public void Add(OutboxEntry entry, long now)
    {
        if (entry.IsSuccessor || (_queued.Count == 0 && _admitted < window))
        {
            Admit(entry, now);
        }
        else
        {
            _queued.Enqueue(entry);
        }
    }

    /// <summary>Admits of those that are queued as many as may be.</summary>
    public void Admit(long now)
    {
        while (_admitted < window && _queued.TryDequeue(out var entry))
        {
            Admit(entry, now);
        }
    }

    /// <summary>The next to send; null when none waits or enough are on their way. Suspects go one by one.</summary>
    public OutboxEntry? NextToSend() =>
        _waiting.First is { } first && _sent.Count < (_suspects > 0 ? 1 : window) ? first.Value : null;

    /// <summary>The first that waited was handed to the channel.</summary>
    public void Sent(OutboxEntry entry, ulong number, long now)
    {
        (entry.Number, entry.SentAt, entry.WasSent) = (number, now, true);
        var first = _waiting.First!;
        _waiting.RemoveFirst();
        _sent.AddLast(first);
        _sentByNumber.Add(number, first);
    }

    /// <summary>The first that waited is answered without being sent.</summary>
    public void RemoveNext()
    {
        Clear(_waiting.First!.Value);
        _waiting.RemoveFirst();
    }

    public void Confirm(ulong number, bool multiple)
    {
        if (!multiple)
        {
            Remove(number)?.Confirm();
            return;
        }

        while (_sent.First?.Value is { } oldest && oldest.Number <= number)
        {
            Remove(oldest.Number)?.Confirm();
        }
    }

    public void Reject(ulong number, string reason, bool isFinal = false) => Remove(number)?.Nack(reason, isFinal);

    /// <summary>The channel is gone: what it had goes again first, in its order.</summary>
    /// <param name="wasRefused">The broker closed it because of one of these.</param>
    public void TakeBackSent(bool wasRefused)
    {
        while (_sent.Last is { } newest)
        {
            newest.Value.MayBeStored = true;
            newest.Value.WasLost |= !wasRefused;
            _sent.RemoveLast();
            _waiting.AddFirst(newest);
        }

        _sentByNumber.Clear();
    }

    /// <summary>
    /// The broker refused something on the channel and closed it without saying which publish it was. One alone on
    /// its way is the one; of several each is sent alone next time.
    /// </summary>
    public void BlameChannelFailure(string why)
    {
        if (_sent.Count == 1)
        {
            Remove(_sent.First!.Value.Number)!.Blame(why);
            return;
        }

        foreach (var entry in _sent.Where(entry => !entry.IsSuspect))
        {
            entry.IsSuspect = true;
            _suspects++;
        }
    }

    /// <summary>Takes out what is admitted and matches, sent or not.</summary>
    public IReadOnlyList<OutboxEntry> Take(Func<OutboxEntry, bool> matches)
    {
        var taken = _sent.Where(matches).ToList();
        taken.ForEach(entry => Remove(entry.Number));
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (matches(node.Value))
            {
                _waiting.Remove(node);
                Clear(node.Value);
                taken.Add(node.Value);
            }

            node = next;
        }

        return taken;
    }

    /// <summary>Takes out everything, the queued last.</summary>
    public IReadOnlyList<OutboxEntry> TakeAll()
    {
        OutboxEntry[] taken = [.. Take(static _ => true), .. _queued];
        _queued.Clear();
        return taken;
    }

    private void Admit(OutboxEntry entry, long now)
    {
        (entry.IsAdmitted, entry.AdmittedAt) = (true, now);
        _admitted += entry.IsSuccessor ? 0 : 1;
        _waiting.AddLast(entry);
    }

    private OutboxEntry? Remove(ulong number)
    {
        if (!_sentByNumber.Remove(number, out var sent))
        {
            return null;
        }

        _sent.Remove(sent);
        Clear(sent.Value);
        return sent.Value;
    }

    private void Clear(OutboxEntry entry)
    {
        _admitted -= entry.IsSuccessor ? 0 : 1;
        if (entry.IsSuspect)
        {
            entry.IsSuspect = false;
            _suspects--;
        }
    }
}
