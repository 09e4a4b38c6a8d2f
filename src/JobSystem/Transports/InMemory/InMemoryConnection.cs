namespace JobSystem.Transports.InMemory;

/// <summary>
/// A connection to a broker in memory. Owns its channels; they end with it. Ends by its owner, after what its
/// channels have sent has arrived, or by the broker at once.
/// </summary>
internal sealed class InMemoryConnection : ITransportConnection
{
    private readonly InMemoryBroker _broker;
    private readonly IConnectionListener _listener;
    private readonly List<InMemoryChannel> _channels = [];
    private readonly TaskCompletionSource _gone = new();
    private readonly Wire _toClient;
    private bool _isOpen = true;
    private bool _isClosing;

    public InMemoryConnection(InMemoryBroker broker, string name, IConnectionListener listener)
    {
        (_broker, _listener, Name) = (broker, listener, name);
        _toClient = new Wire(broker.Post, broker.Options.FramesPerTurn);
    }

    public string Name { get; }

    public long MaxBodyBytes => _broker.Options.MaxBodyBytes;

    /// <summary>Under the broker's gate.</summary>
    public IEnumerable<InMemoryPublisherChannel> Publishers => _channels.OfType<InMemoryPublisherChannel>();

    public Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Prefetch, 1, nameof(settings));
        return AskAsync<IConsumerChannel>(() =>
        {
            var queue = _broker.FindOrDeclare(Lanes.NameOf(settings.Queue, settings.Lane));
            var channel = new InMemoryConsumerChannel(_broker, this, queue, settings.Prefetch, listener);
            _channels.Add(channel);
            queue.Add(channel);
            return channel;
        });
    }

    public Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener) =>
        AskAsync<IPublisherChannel>(() =>
        {
            var channel = new InMemoryPublisherChannel(_broker, this, listener);
            _channels.Add(channel);
            if (_broker.BlockedBecause is { } reason)
            {
                TellBlocked(reason);
            }

            return channel;
        });

    public Task<IPullChannel> OpenPullAsync() => AskAsync<IPullChannel>(() =>
    {
        var channel = new InMemoryPullChannel(_broker, this);
        _channels.Add(channel);
        return channel;
    });

    public Task<QueueInfo?> InspectAsync(string queueName) =>
        AskAsync(() => _broker.Find(queueName) is { } queue ? InMemoryBroker.Describe(queue) : null);

    public Task<IReadOnlyList<QueueInfo>?> ListAsync() => AskAsync<IReadOnlyList<QueueInfo>?>(() =>
        [.. _broker.Queues.Select(InMemoryBroker.Describe)]);

    public Task DeclareAsync(QueueDeclaration declaration) => AskAsync(() =>
    {
        foreach (var lane in Enum.GetValues<Lane>())
        {
            _broker.FindOrDeclare(Lanes.NameOf(declaration.Queue, lane));
        }

        return true;
    });

    public Task<long?> DeleteAsync(string queueName) => AskAsync(() => _broker.Delete(queueName));

    public Task<long?> PurgeAsync(string queueName) =>
        AskAsync(() => _broker.Find(queueName) is { } queue ? (long?)queue.Purge() : null);

    public async ValueTask DisposeAsync()
    {
        var byOwner = new TransportFailure(TransportFailureKind.Lost, "Its owner closed the connection.");
        Task[] channels;
        lock (_broker.Gate)
        {
            _isClosing = true;
            channels = [.. _channels.Select(channel => channel.Gone)];
            _channels.ForEach(channel => channel.CloseByOwner(byOwner));
        }

        await Task.WhenAll(channels);
        lock (_broker.Gate)
        {
            Close(null);
        }

        await _gone.Task;
    }

    /// <summary>Closes at once: what is on its way is lost. Under the broker's gate.</summary>
    public void Close(TransportFailure? failure)
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        _broker.Forget(this);
        StopDeliveries();
        foreach (var channel in _channels.ToList())
        {
            channel.Close(failure);
        }

        _toClient.Cut(() =>
        {
            if (failure is not null)
            {
                _listener.OnClosed(failure);
            }

            _broker.Post(() => _gone.TrySetResult());
        });
    }

    /// <summary>What others give back is not delivered here any more. Under the broker's gate.</summary>
    public void StopDeliveries() => _channels.ForEach(channel => channel.StopDeliveries());

    /// <summary>Under the broker's gate.</summary>
    public void Forget(InMemoryChannel channel) => _channels.Remove(channel);

    public void TellBlocked(string reason) => _toClient.Send(() => _listener.OnBlocked(reason));

    public void TellUnblocked() => _toClient.Send(_listener.OnUnblocked);

    private Task<T> AskAsync<T>(Func<T> question) => _broker.AskAsync(() => _isOpen && !_isClosing
        ? question()
        : throw new TransportException(
            new TransportFailure(TransportFailureKind.Lost, $"The connection '{Name}' is closed.")));
}
