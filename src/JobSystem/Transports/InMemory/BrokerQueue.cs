namespace JobSystem.Transports.InMemory;

/// <summary>
/// One queue of the broker, with the ways of a quorum queue: first in, first out; what comes back goes to the
/// front in its old order; its consumers are served in turn, each up to its prefetch.
/// Guarded by the broker's gate.
/// </summary>
internal sealed class BrokerQueue(string name, InMemoryBrokerOptions options)
{
    private readonly Queue<StoredMessage> _fresh = new();
    private readonly PriorityQueue<StoredMessage, long> _returned = new();
    private readonly HashSet<StoredMessage> _unsettled = [];
    private readonly List<InMemoryConsumerChannel> _consumers = [];
    private int _nextConsumer;

    public string Name { get; } = name;

    /// <summary>It counts how often a message came back unsettled.</summary>
    public bool CountsLosses { get; } = !options.ClassicQueues.Contains(name);

    public int Ready => _fresh.Count + _returned.Count;

    public int UnsettledCount => _unsettled.Count;

    public IReadOnlyList<InMemoryConsumerChannel> Consumers => _consumers;

    /// <summary>All its jobs, ready and unsettled, in the order of their publishes.</summary>
    public IEnumerable<Job> Jobs => _fresh
        .Concat(_returned.UnorderedItems.Select(item => item.Element))
        .Concat(_unsettled)
        .OrderBy(message => message.Sequence)
        .Select(message => message.Job);

    public void Append(StoredMessage message)
    {
        _fresh.Enqueue(message);
        Serve();
    }

    /// <summary>The next message, which counts as unsettled from now on; null when none is ready.</summary>
    public StoredMessage? Take()
    {
        if (!_returned.TryDequeue(out var message, out _) && !_fresh.TryDequeue(out message))
        {
            return null;
        }

        _unsettled.Add(message);
        return message;
    }

    public void Forget(IReadOnlyList<StoredMessage> acked)
    {
        foreach (var message in acked)
        {
            if (_unsettled.Remove(message))
            {
                options.OnAcked?.Invoke(message.Job, Name);
            }
        }
    }

    /// <summary>Takes messages back to the front.</summary>
    /// <param name="messages">Deliveries that were not acked.</param>
    /// <param name="blame">Their channel was lost, so this delivery counts against them.</param>
    public void GiveBack(IReadOnlyList<StoredMessage> messages, bool blame)
    {
        foreach (var message in messages)
        {
            // What the queue does not know as unsettled was destroyed with an earlier queue of the same name.
            if (_unsettled.Remove(message))
            {
                message.Losses += blame ? 1 : 0;
                _returned.Enqueue(message, message.Sequence);
            }
        }

        Serve();
    }

    /// <summary>Drops what is ready. Returns how many.</summary>
    public int Purge()
    {
        var ready = Ready;
        _fresh.Clear();
        _returned.Clear();
        return ready;
    }

    /// <summary>Drops everything: what comes back of it later is ignored.</summary>
    public void Destroy()
    {
        Purge();
        _unsettled.Clear();
    }

    public void Add(InMemoryConsumerChannel consumer)
    {
        _consumers.Add(consumer);
        Serve();
    }

    public void Remove(InMemoryConsumerChannel consumer) => _consumers.Remove(consumer);

    /// <summary>Delivers as long as there is a message and a consumer with room.</summary>
    public void Serve()
    {
        while (Ready > 0 && NextWithRoom() is { } consumer)
        {
            consumer.Deliver(Take()!);
        }
    }

    private InMemoryConsumerChannel? NextWithRoom()
    {
        for (var tried = 0; tried < _consumers.Count; tried++)
        {
            _nextConsumer = (_nextConsumer + 1) % _consumers.Count;
            if (_consumers[_nextConsumer].HasRoom)
            {
                return _consumers[_nextConsumer];
            }
        }

        return null;
    }
}
