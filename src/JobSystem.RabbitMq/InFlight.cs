namespace JobSystem.RabbitMq;

/// <summary>
/// The publishes on one channel that the broker has not settled, by the channel's sequence numbers (from 1,
/// without gaps). Each keeps its owner's number, and its id and key, because a returned message says nothing
/// else of who it is. Grows with what is in flight; nothing is allocated for a message. Not safe for threads.
/// </summary>
internal sealed class InFlight<TRoute>
    where TRoute : class
{
    private Entry[] _ring = new Entry[256];
    private ulong _low = 1;
    private ulong _next = 1;

    public int Count => (int)(_next - _low);

    public void Add(ulong number, string id, TRoute route)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        At(_next++) = new Entry { Number = number, Id = id, Route = route };
    }

    /// <summary>The broker took one, or all up to it. False: there is nothing to tell of it.</summary>
    public bool Confirm(ulong sequence, bool multiple, out ulong number)
    {
        number = 0;
        if (sequence < _low || sequence >= _next)
        {
            return false;
        }

        ref var entry = ref At(sequence);
        number = entry.Number;
        var tell = multiple || !entry.IsSettled;
        Settle(sequence, multiple);
        return tell;
    }

    /// <summary>The broker refused one, or all up to it. Returns the numbers that were still open.</summary>
    public List<ulong> Refuse(ulong sequence, bool multiple)
    {
        var numbers = new List<ulong>();
        if (sequence < _low || sequence >= _next)
        {
            return numbers;
        }

        for (var each = multiple ? _low : sequence; each <= sequence; each++)
        {
            if (!At(each).IsSettled)
            {
                numbers.Add(At(each).Number);
            }
        }

        Settle(sequence, multiple);
        return numbers;
    }

    /// <summary>
    /// The broker returned a message: the oldest open one with this id and key. It stays until its ack comes,
    /// which then tells nothing. False: there is none.
    /// </summary>
    public bool Return(string? id, Predicate<TRoute> hasKey, out ulong number, out TRoute? route)
    {
        for (var each = _low; each < _next; each++)
        {
            ref var entry = ref At(each);
            if (!entry.IsSettled && entry.Id == id && hasKey(entry.Route))
            {
                entry.IsSettled = true;
                (number, route) = (entry.Number, entry.Route);
                return true;
            }
        }

        (number, route) = (0, null);
        return false;
    }

    private void Settle(ulong sequence, bool multiple)
    {
        for (var each = multiple ? _low : sequence; each <= sequence; each++)
        {
            ref var entry = ref At(each);
            entry = new Entry { Number = entry.Number, IsSettled = true, IsDone = true, Id = "",
                Route = entry.Route };
        }

        while (_low < _next && At(_low).IsDone)
        {
            _low++;
        }
    }

    private ref Entry At(ulong sequence) => ref _ring[sequence & (ulong)(_ring.Length - 1)];

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var each = _low; each < _next; each++)
        {
            larger[each & (ulong)(larger.Length - 1)] = At(each);
        }

        _ring = larger;
    }

    private struct Entry
    {
        public ulong Number;
        public string Id;
        public TRoute Route;

        /// <summary>Told to the owner.</summary>
        public bool IsSettled;

        /// <summary>The broker says nothing more of it.</summary>
        public bool IsDone;
    }
}
