namespace JobSystem;

/// <summary>Settings of a worker process. Defaults are for long-running jobs on a small machine.</summary>
public sealed record JobSystemOptions
{
    /// <summary>
    /// What logs, dead letters and the broker's operator call this process. Default: machine and process id.
    /// </summary>
    public string Name { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The queues to work on. Empty for a process that only enqueues.</summary>
    public IReadOnlyList<QueueOptions> Queues { get; init; } = [];

    /// <summary>
    /// How long a drain lets running jobs go on before it cancels them. Default 25 s (Kubernetes kills at 30).
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a cancelled run has to end before its slot is given up. Default 3 s.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an enqueue waits for its confirm, reconnects included, before it is unknown. Default 30 s.
    /// </summary>
    public TimeSpan PublishDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the broker may take to open or close a connection or channel. Default 10 s.</summary>
    public TimeSpan BrokerDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Publishes on their way at a time. More wait in the caller. Default 1,024.</summary>
    public int MaxUnconfirmed { get; init; } = 1024;

    /// <summary>Finished jobs remembered per queue, to recognise their redeliveries. Default 10,000.</summary>
    public int MaxRemembered { get; init; } = 10_000;

    /// <summary>
    /// For how long a second message with a finished job's id, not marked redelivered, is taken for a re-sent
    /// publish and acked without a run. Default 10 min.
    /// </summary>
    public TimeSpan ResendWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a job of an unknown type waits for a worker that knows it (a rolling deploy). Default 10 min.
    /// </summary>
    public TimeSpan UnknownTypePatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many workers a job may take down while it runs alone, before it is a dead letter. Default 5: what is in hand
    /// when the broker restarts is counted, too, and of 220,000 jobs under 20 restarts and 100 killed workers one had
    /// met three of them by chance.
    /// </summary>
    public int MaxWorkerLosses { get; init; } = 5;

    /// <summary>
    /// The broker's operator interface, for RabbitMQ its management API, for example <c>http://broker:15672</c>: there
    /// a worker sees policies that drop jobs and queues that take no more, and warns. Null: it does not look.
    /// </summary>
    public Uri? Management { get; init; }
}

/// <summary>Settings of one queue in a worker process.</summary>
public sealed record QueueOptions
{
    public required string Name { get; init; }

    /// <summary>
    /// Slots: jobs of this queue that run at a time in this process, and so its prefetch. Default: processors.
    /// </summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;
}
