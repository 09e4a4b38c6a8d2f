namespace JobSystem.Actors;

/// <summary>
/// The two lanes as the cell empties them: the system lane is its own, the user lane is the mailbox's.
/// </summary>
internal sealed partial class ActorCell<T>
{
    private SystemMessage? _systemLane;
    private SystemMessage? _systemInHand;
    private Envelope<T>? _firstInHand;
    private Envelope<T>? _lastInHand;
    private int _inHand;

    /// <summary>Messages taken from the user lane and not handled yet; senders read it when room is short.</summary>
    internal int InHand => Volatile.Read(ref _inHand);

    internal bool HasSystemMessages
    {
        get
        {
            SystemMessage? head = Volatile.Read(ref _systemLane);
            return head is not null && head != SystemMessage.LaneEnd;
        }
    }

    private bool IsAtRest =>
        _systemInHand is null
        && !HasSystemMessages
        && _state != CellState.New
        && (_firstInHand is null || _state != CellState.Running);

    /// <summary>False when the actor has stopped and will never read it.</summary>
    internal bool TryEnqueue(SystemMessage message)
    {
        SystemMessage? head = Volatile.Read(ref _systemLane);
        while (head != SystemMessage.LaneEnd)
        {
            message.Next = head;
            SystemMessage? seen = Interlocked.CompareExchange(ref _systemLane, message, head);
            if (seen == head)
            {
                return true;
            }

            head = seen;
        }

        return false;
    }

    private SystemMessage? NextSystemMessage()
    {
        if (_systemInHand is null)
        {
            if (!HasSystemMessages)
            {
                return null;
            }

            _systemInHand = Reverse(Interlocked.Exchange(ref _systemLane, null));
        }

        SystemMessage first = _systemInHand!;
        _systemInHand = first.Next;
        return first;
    }

    /// <summary>From now on nothing reaches this actor. Those who came too late are told so.</summary>
    private void CloseSystemLane()
    {
        SystemMessage? late = Reverse(Interlocked.Exchange(ref _systemLane, SystemMessage.LaneEnd));
        foreach (SystemMessage? lane in (ReadOnlySpan<SystemMessage?>)[_systemInHand, late])
        {
            for (SystemMessage? message = lane; message is not null; message = message.Next)
            {
                message.AfterStop();
            }
        }

        _systemInHand = null;
    }

    private Envelope<T>? NextEnvelope()
    {
        if (_firstInHand is null || _state != CellState.Running)
        {
            Gather();
            if (_firstInHand is null || _state != CellState.Running)
            {
                return null;
            }
        }

        Envelope<T> first = _firstInHand;
        _firstInHand = (Envelope<T>?)first.Next;
        first.Next = null;
        _inHand--;
        return first;
    }

    /// <summary>Takes the lane in hand. A suspended actor does so too: an empty lane lets it go idle.</summary>
    private void Gather()
    {
        Envelope<T>? first = _mailbox.TakeAll(out Envelope<T>? last, out int count);
        if (first is null)
        {
            return;
        }

        if (_firstInHand is null)
        {
            _firstInHand = first;
        }
        else
        {
            _lastInHand!.Next = first;
        }

        _lastInHand = last;
        _inHand += count;
        _mailbox.Reserve(_inHand);
    }

    private void RefuseAll()
    {
        Gather();
        Refuse(_firstInHand);
        _firstInHand = null;
        _inHand = 0;
        Refuse(_mailbox.Close());
    }

    private void Refuse(Envelope<T>? first)
    {
        for (Envelope<T>? envelope = first; envelope is not null;)
        {
            var next = (Envelope<T>?)envelope.Next;
            envelope.Next = null;
            envelope.Refuse(_mailbox, DeadLetterReason.Stopped);
            envelope = next;
        }
    }

    private static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? first = null;
        while (newest is not null)
        {
            SystemMessage? older = newest.Next;
            newest.Next = first;
            first = newest;
            newest = older;
        }

        return first;
    }
}
