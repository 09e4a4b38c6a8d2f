namespace JobSystem.Transports.InMemory;

/// <summary>
/// How a broker in memory behaves. The defaults are for users; the simulator brings its own time and order.
/// </summary>
public sealed record InMemoryBrokerOptions
{
    /// <summary>The largest body it takes, in bytes. Default 16 MiB, as RabbitMQ 4.</summary>
    public long MaxBodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// A longer delay is cut to this and its job delivered early, as a ladder of delay queues does. Null: no
    /// limit.
    /// </summary>
    public TimeSpan? LongestDelay { get; init; }

    /// <summary>By whose time delays end.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Runs an action later, never before it returns. Everything the broker does of itself (deliveries,
    /// confirms, settles on their way) goes through here, so a simulator decides the order. Null: the thread
    /// pool.
    /// </summary>
    public Action<Action>? Post { get; init; }

    /// <summary>
    /// How many frames of one channel are carried in one turn, at least 1. Default 64. Confirms of one turn
    /// come as one with <c>multiple</c>.
    /// </summary>
    public int FramesPerTurn { get; init; } = 64;

    /// <summary>
    /// Queues with the ways of classic ones: they mark what comes again, but do not count. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> ClassicQueues { get; init; } = [];

    /// <summary>
    /// Told of each message that is stored, with its queue. Under the broker's lock: must return at once and not call
    /// the broker.
    /// </summary>
    public Action<Job, string>? OnStored { get; init; }

    /// <summary>Told of each message that is forgotten because it was acked. As <see cref="OnStored"/>.</summary>
    public Action<Job, string>? OnAcked { get; init; }
}
