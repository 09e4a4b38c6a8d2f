namespace JobSystem.Transports.InMemory;

/// <summary>
/// A broker in this process, with the ways of RabbitMQ's quorum queues: confirms, prefetch, redelivery in the
/// old order with a count of losses, delays, rejection when a bounded queue is full. Its jobs end with the
/// process. The same broker serves users, tests and the simulator: it knows time only from its clock, and all
/// it does of itself goes through <see cref="InMemoryBrokerOptions.Post"/>, so a run can be replayed.
/// Owns: the queues, the connections, the delayed messages, all guarded by one gate. Listeners are called on
/// no lock. The fault surface and the inspection are in the other parts of this class.
/// </summary>
public sealed partial class InMemoryBroker : IDisposable
{
    private readonly Dictionary<string, BrokerQueue> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _maxLengths = new(StringComparer.Ordinal);
    private readonly List<InMemoryConnection> _connections = [];
    private readonly DelayedMessages _delayed;
    private long _sequence;

    public InMemoryBroker(InMemoryBrokerOptions? options = null)
    {
        Options = options ?? new InMemoryBrokerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.FramesPerTurn, 1, nameof(options));
        _delayed = new DelayedMessages(Options.Clock, WakeDelayed);
    }

    public InMemoryBrokerOptions Options { get; }

    internal Lock Gate { get; } = new();

    /// <summary>Guarded by the gate.</summary>
    internal BrokerCounters Counters { get; } = new();

    public void Dispose()
    {
        lock (Gate)
        {
            _delayed.Dispose();
        }
    }

    /// <summary>Answers a question under the gate, some time later.</summary>
    internal Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>();
        Post(() =>
        {
            T result;
            try
            {
                lock (Gate)
                {
                    result = question();
                }
            }
            catch (TransportException error)
            {
                answer.SetException(error);
                return;
            }

            answer.SetResult(result);
        });
        return answer.Task;
    }

    internal InMemoryConnection Connect(string name, IConnectionListener listener)
    {
        if (!_isRunning)
        {
            throw new TransportException(new(TransportFailureKind.Unreachable, "The broker is down."));
        }

        if (_accessRefusedBecause is { } reason)
        {
            throw new TransportException(new(TransportFailureKind.AccessRefused, reason));
        }

        var connection = new InMemoryConnection(this, name, listener);
        _connections.Add(connection);
        return connection;
    }

    internal void Forget(InMemoryConnection connection) => _connections.Remove(connection);

    internal IEnumerable<BrokerQueue> Queues => _queues.Values;

    internal BrokerQueue? Find(string name) => _queues.GetValueOrDefault(name);

    internal BrokerQueue FindOrDeclare(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
        {
            _queues.Add(name, queue = new BrokerQueue(name, Options));
        }

        return queue;
    }

    internal static QueueInfo Describe(BrokerQueue queue) => new(
        queue.Name, "memory", Durable: false, queue.Ready, queue.Consumers.Count,
        ["Its jobs end with this process: use SQLite or RabbitMQ to keep them."]);

    /// <summary>Deletes a queue with all it holds and cancels its consumers. Null: there was none.</summary>
    internal long? Delete(string name)
    {
        if (!_queues.Remove(name, out var queue))
        {
            return null;
        }

        var deleted = queue.Ready;
        queue.Destroy();
        Cancel(queue, $"The queue '{name}' was deleted.");
        return deleted;
    }

    /// <summary>Takes a publish that has arrived: stores it and confirms, or refuses it.</summary>
    internal void Accept(InMemoryPublisherChannel publisher, ulong number, Job job, Destination destination)
    {
        if (job.Body.Length > Options.MaxBodyBytes)
        {
            publisher.Close(new TransportFailure(
                TransportFailureKind.TooLarge,
                $"The body has {job.Body.Length} bytes; the broker takes at most {Options.MaxBodyBytes}.")
            {
                LimitBytes = Options.MaxBodyBytes,
            });
        }
        else if (RefusalOf(destination) is { } reason)
        {
            publisher.Reject(number, reason);
        }
        else
        {
            Store(job, destination);
            ConfirmOrFail(publisher, number);
        }
    }

    private void Store(Job job, Destination destination)
    {
        var longest = Options.LongestDelay ?? TimeSpan.MaxValue;
        var held = destination.Delay < longest ? destination.Delay : longest;
        var message = new StoredMessage(job, ++_sequence)
        {
            DelayLeft = destination.Delay > TimeSpan.Zero ? destination.Delay - held : null,
        };
        Counters.Stored++;
        var queue = FindOrDeclare(destination.ToString());
        Options.OnStored?.Invoke(job, queue.Name);
        if (destination.Delay > TimeSpan.Zero)
        {
            _delayed.Add(queue.Name, message, held);
        }
        else
        {
            queue.Append(message);
        }
    }

    private string? RefusalOf(Destination destination)
    {
        if (_rejectsLeft > 0)
        {
            _rejectsLeft--;
            return _rejectReason;
        }

        // A delayed job waits elsewhere: it does not fill this queue yet.
        var name = destination.ToString();
        return destination.Delay <= TimeSpan.Zero
            && _maxLengths.TryGetValue(name, out var limit) && FindOrDeclare(name).Ready >= limit
            ? $"The queue '{name}' is full: it holds {limit}."
            : null;
    }

    /// <summary>
    /// What is due comes into its queue, though that be full: it was taken when it was published.
    /// </summary>
    private void WakeDelayed()
    {
        lock (Gate)
        {
            if (!_isRunning)
            {
                return;
            }

            foreach (var (queue, message) in _delayed.TakeDue())
            {
                FindOrDeclare(queue).Append(message);
            }
        }
    }
}
