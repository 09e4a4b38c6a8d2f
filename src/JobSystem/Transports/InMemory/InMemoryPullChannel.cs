namespace JobSystem.Transports.InMemory;

/// <summary>Takes messages one by one. What is not acked goes back when it ends.</summary>
internal sealed class InMemoryPullChannel(InMemoryBroker broker, InMemoryConnection connection)
    : InMemoryChannel(broker, connection), IPullChannel
{
    private readonly Unsettled _unsettled = new();
    private readonly Dictionary<StoredMessage, BrokerQueue> _origins = [];

    public Task<Delivery?> GetAsync(string queueName) => Broker.AskAsync(() =>
    {
        EnsureOpen();
        var queue = Broker.Find(queueName)
            ?? throw Failed(TransportFailureKind.NotFound, $"There is no queue '{queueName}'.");
        if (queue.Take() is not { } message)
        {
            return null;
        }

        var delivery = _unsettled.Deliver(message, queue.CountsLosses);
        _origins.Add(message, queue);
        Broker.Counters.Delivered++;
        return delivery;
    });

    public Task AckAsync(ulong tag) => Broker.AskAsync(() =>
    {
        EnsureOpen();
        var acked = _unsettled.Take(tag, multiple: false)
            ?? throw Failed(TransportFailureKind.Refused, $"Unknown delivery tag {tag}.");
        Broker.Counters.Acked++;
        _origins.Remove(acked[0], out var queue);
        queue!.Forget(acked);
        return true;
    });

    protected override void Release()
    {
        foreach (var message in _unsettled.TakeAll())
        {
            _origins[message].GiveBack([message], blame: true);
        }
    }

    protected override void TellClosed(TransportFailure failure)
    {
        // Nobody listens: the next call fails.
    }

    private void EnsureOpen()
    {
        if (!IsOpen)
        {
            throw Failed(TransportFailureKind.Lost, "The channel is closed.");
        }
    }

    private static TransportException Failed(TransportFailureKind kind, string text) =>
        new(new TransportFailure(kind, text));
}
