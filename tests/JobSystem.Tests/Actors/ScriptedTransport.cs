using JobSystem.Transports;

namespace JobSystem.Tests.Actors;

/// <summary>A broker whose answers a test gives one by one. What is asked of it is kept.</summary>
/// <param name="opensAtOnce">It answers each wish to open something itself, and well.</param>
internal sealed class ScriptedTransport(bool opensAtOnce) : ITransport
{
    public string Description => "the broker";

    public List<ScriptedConnection> Connections { get; } = [];

    /// <summary>What the test looks at when a connection is asked for.</summary>
    public Action OnConnecting { get; set; } = static () => { };

    public ScriptedConnection Last => Connections[^1];

    public Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener)
    {
        OnConnecting();
        var connection = new ScriptedConnection(name, listener, opensAtOnce);
        Connections.Add(connection);
        return connection.WhenOpen;
    }
}

/// <summary>What is opened when the test, or its owner, says so; and whether it was disposed of.</summary>
internal abstract class Scripted<TSelf>(bool opensAtOnce) : IAsyncDisposable
    where TSelf : class
{
    private readonly TaskCompletionSource<TSelf> _opening = new();

    public bool IsDisposed { get; private set; }

    public Task<TSelf> WhenOpen
    {
        get
        {
            if (opensAtOnce)
            {
                Open();
            }

            return _opening.Task;
        }
    }

    public void Open() => _opening.TrySetResult((TSelf)(object)this);

    public void Refuse(TransportFailureKind kind, string text) =>
        _opening.SetException(new TransportException(new TransportFailure(kind, text)));

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}

/// <inheritdoc cref="Scripted{TSelf}"/>
internal sealed class ScriptedConnection(string name, IConnectionListener listener, bool opensAtOnce)
    : Scripted<ITransportConnection>(opensAtOnce), ITransportConnection
{
    private readonly bool _opensAtOnce = opensAtOnce;

    public string Name => name;

    public IConnectionListener Listener => listener;

    public List<ScriptedConsumer> Consumers { get; } = [];

    public List<ScriptedPublisher> Publishers { get; } = [];

    public long MaxBodyBytes { get; set; } = 1000;

    public Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener)
    {
        Consumers.Add(new ScriptedConsumer(settings, listener, _opensAtOnce));
        return Consumers[^1].WhenOpen;
    }

    public Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener)
    {
        Publishers.Add(new ScriptedPublisher(listener, _opensAtOnce));
        return Publishers[^1].WhenOpen;
    }

    public void Lose(string text = "the network broke") =>
        Listener.OnClosed(new TransportFailure(TransportFailureKind.Lost, text));

    public Task<IPullChannel> OpenPullAsync() => throw new NotSupportedException();

    public Task<QueueInfo?> InspectAsync(string queueName) => throw new NotSupportedException();

    public Task<IReadOnlyList<QueueInfo>?> ListAsync() => throw new NotSupportedException();

    public Task DeclareAsync(QueueDeclaration declaration) => throw new NotSupportedException();

    public Task<long?> DeleteAsync(string queueName) => throw new NotSupportedException();

    public Task<long?> PurgeAsync(string queueName) => throw new NotSupportedException();
}

/// <inheritdoc cref="Scripted{TSelf}"/>
internal sealed class ScriptedConsumer(ConsumerSettings settings, IConsumerListener listener, bool opensAtOnce)
    : Scripted<IConsumerChannel>(opensAtOnce), IConsumerChannel
{
    private readonly TaskCompletionSource _cancelling = new();
    private ulong _lastTag;

    public ConsumerSettings Settings => settings;

    public IConsumerListener Listener => listener;

    /// <summary>What was done on it: <c>ack 3</c>, <c>ack to 3</c>, <c>requeue 3</c>, <c>cancel</c>.</summary>
    public List<string> Calls { get; } = [];

    public QueueInfo Queue => new(settings.Queue, "quorum", true, 0, 1, []);

    public void Ack(ulong tag, bool multiple) => Calls.Add(multiple ? $"ack to {tag}" : $"ack {tag}");

    public void Requeue(ulong tag) => Calls.Add($"requeue {tag}");

    public Task CancelAsync()
    {
        Calls.Add("cancel");
        return _cancelling.Task;
    }

    public void EndCancel() => _cancelling.SetResult();

    public void Deliver(Job job, bool redelivered = false) =>
        Listener.OnDelivery(new Delivery(job, ++_lastTag, redelivered, Losses: 0));
}

/// <inheritdoc cref="Scripted{TSelf}"/>
internal sealed class ScriptedPublisher(IPublisherListener listener, bool opensAtOnce)
    : Scripted<IPublisherChannel>(opensAtOnce), IPublisherChannel
{
    public IPublisherListener Listener => listener;

    public List<(ulong Number, Job Job, Destination Destination)> Published { get; } = [];

    /// <summary>The ids of what was published, in order.</summary>
    public IEnumerable<string> Ids => Published.Select(each => each.Job.Id.Value);

    public void Publish(ulong number, Job job, Destination destination) =>
        Published.Add((number, job, destination));
}
