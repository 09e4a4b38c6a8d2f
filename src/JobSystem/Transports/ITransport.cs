namespace JobSystem.Transports;

/// <summary>
/// The one seam to a broker. Asynchronous work is only opening and administration; what is hot (deliveries, settles,
/// publishes, confirms) is calls that return at once and listeners that are called back, so that actors never wait.
/// Not meant to be implemented by users; proven by one contract suite that every transport passes.
/// Operating errors are thrown as <see cref="TransportException"/> here, and told as <see cref="TransportFailure"/>
/// to the listeners. A transport never reconnects by itself: recovery has one owner, the connection's actor.
/// </summary>
public interface ITransport
{
    /// <summary>The broker in words for logs and errors, without secrets.</summary>
    string Description { get; }

    /// <summary>Opens a connection of its own. Bounded by the transport's own connect deadline.</summary>
    /// <param name="name">What the broker's operator sees, for example <c>jobs/host-1234/consume</c>.</param>
    /// <param name="listener">Told from any thread, never after <see cref="IAsyncDisposable.DisposeAsync"/>
    /// ended.</param>
    Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener);

    /// <summary>Opens a watch on the broker's operator interface; null: this broker has none.</summary>
    /// <param name="management">Its address, for RabbitMQ that of the management API.</param>
    IQueueWatch? OpenWatch(Uri management) => null;
}

/// <summary>A connection to a broker. When it is lost it stays lost; everything opened on it is lost with it.</summary>
public interface ITransportConnection : IAsyncDisposable
{
    /// <summary>The broker's product and version in words, for people; null where it does not tell.</summary>
    string? Product => null;

    /// <summary>The largest body the broker takes, in bytes.</summary>
    long MaxBodyBytes { get; }

    /// <summary>
    /// Makes sure that the lane exists and starts to consume it on a channel of its own. An existing queue is adopted
    /// as it is. Deliveries may be told before this returns.
    /// </summary>
    Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener);

    /// <summary>Opens a channel to publish on.</summary>
    Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener);

    /// <summary>Opens a channel to look at messages one by one, for dead letters and tests.</summary>
    Task<IPullChannel> OpenPullAsync();

    /// <summary>What the broker knows of a queue; null when there is none of that name.</summary>
    Task<QueueInfo?> InspectAsync(string queueName);

    /// <summary>Every queue of the broker, lanes included; null where the protocol cannot list them (AMQP).</summary>
    Task<IReadOnlyList<QueueInfo>?> ListAsync();

    /// <summary>Declares a work queue and its lanes as asked.</summary>
    /// <exception cref="TransportException"><see cref="TransportFailureKind.Inequivalent"/>: the queue exists
    /// otherwise. The text names what it has, what was asked and the three ways out.</exception>
    Task DeclareAsync(QueueDeclaration declaration);

    /// <summary>
    /// The queues that hold delayed jobs of one work queue and of no other, as far as they exist, by their names at the
    /// broker.
    /// </summary>
    Task<IReadOnlyList<string>> DelayQueuesAsync(string queue) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// Deletes one queue at the broker with all its messages. Returns how many; null when there was none.
    /// </summary>
    Task<long?> DeleteAsync(string queueName);

    /// <summary>Drops the ready messages of one queue. Returns how many; null when there is no such queue.</summary>
    Task<long?> PurgeAsync(string queueName);
}

/// <summary>What to consume.</summary>
/// <param name="Queue">The work queue's name.</param>
/// <param name="Lane">Which of its lanes.</param>
/// <param name="Prefetch">How many deliveries may be unsettled at a time; at least 1.</param>
public sealed record ConsumerSettings(string Queue, Lane Lane, int Prefetch);

/// <summary>How a queue is to be declared.</summary>
/// <param name="Queue">The work queue's name.</param>
/// <param name="Kind">Quorum (replicated, the default) or classic; transports without the difference ignore it.</param>
public sealed record QueueDeclaration(string Queue, QueueKind Kind = QueueKind.Quorum);

public enum QueueKind
{
    Quorum,
    Classic,
}

/// <summary>What a broker says of a queue.</summary>
/// <param name="Name">At the broker.</param>
/// <param name="Kind">In the broker's word, for example <c>quorum</c>; null when it cannot be found out.</param>
/// <param name="Durable">Survives a restart; null when it cannot be found out.</param>
/// <param name="Ready">Messages waiting.</param>
/// <param name="Consumers">Consumers on it, from any process.</param>
/// <param name="Hazards">How this queue can lose jobs and what cures it, a sentence each. Empty: it cannot.</param>
public sealed record QueueInfo(
    string Name, string? Kind, bool? Durable, long Ready, long Consumers, IReadOnlyList<string> Hazards)
{
    /// <summary>What is rejected here goes to its dead letters, and is never lost on the way.</summary>
    public bool DeadLettersSafely { get; init; }

    /// <summary>
    /// Why it takes no more jobs, and the cure, as far as its own properties tell; null: they do not say so.
    /// </summary>
    public string? Full { get; init; }
}
