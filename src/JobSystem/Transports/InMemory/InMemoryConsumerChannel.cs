namespace JobSystem.Transports.InMemory;

/// <summary>
/// A consumer of one queue. Owns its unsettled deliveries; a tag that it does not know closes the channel, as
/// RabbitMQ does. Ends with its connection, its queue, or by its owner: what is unsettled then goes back with
/// blame.
/// </summary>
internal sealed class InMemoryConsumerChannel : InMemoryChannel, IConsumerChannel
{
    private readonly Unsettled _unsettled = new();
    private readonly TaskCompletionSource _cancelled = new();
    private readonly BrokerQueue _queue;
    private int _prefetch;
    private readonly IConsumerListener _listener;

    public InMemoryConsumerChannel(
        InMemoryBroker broker, InMemoryConnection connection, BrokerQueue queue, int prefetch,
        IConsumerListener listener)
        : base(broker, connection)
    {
        (_queue, _prefetch, _listener) = (queue, prefetch, listener);
        Queue = InMemoryBroker.Describe(queue);
    }

    public QueueInfo Queue { get; }

    /// <summary>Under the broker's gate.</summary>
    public bool HasRoom => _unsettled.Count < _prefetch;

    public void Ack(ulong tag, bool multiple) => Send(() =>
    {
        if (_unsettled.Take(tag, multiple) is not { } acked)
        {
            Close(UnknownTag(tag));
            return;
        }

        _queue.Forget(acked);
        Broker.Counters.Acked += acked.Count;
        _queue.Serve();
    });

    public void Requeue(ulong tag) => Send(() =>
    {
        if (_unsettled.Take(tag, multiple: false) is not { } returned)
        {
            Close(UnknownTag(tag));
            return;
        }

        Broker.Counters.Requeued += returned.Count;
        _queue.GiveBack(returned, blame: false);
    });

    public void Widen() => Send(() =>
    {
        _prefetch++;
        _queue.Serve();
    });

    public void Narrow() => Send(() => _prefetch--);

    public Task CancelAsync()
    {
        Send(() =>
        {
            StopDeliveries();
            ToClient.Send(() => Broker.Post(() => _cancelled.TrySetResult()));
        });
        return _cancelled.Task;
    }

    /// <summary>Puts a delivery on its way. Under the broker's gate.</summary>
    public void Deliver(StoredMessage message)
    {
        var delivery = _unsettled.Deliver(message, _queue.CountsLosses);
        Broker.Counters.Delivered++;
        ToClient.Send(() => _listener.OnDelivery(delivery));
    }

    public override void StopDeliveries() => _queue.Remove(this);

    protected override void Release()
    {
        StopDeliveries();
        _queue.GiveBack(_unsettled.TakeAll(), blame: true);
    }

    protected override void TellClosed(TransportFailure failure) => _listener.OnClosed(failure);

    protected override void End()
    {
        _cancelled.TrySetResult();
        base.End();
    }

    private TransportFailure UnknownTag(ulong tag)
    {
        Broker.Counters.ProtocolErrors++;
        return new TransportFailure(
            TransportFailureKind.Refused, $"Unknown delivery tag {tag} on '{_queue.Name}'.");
    }
}
