namespace JobSystem.Cli.Workers;

/// <summary>What <c>jobs worker</c> was asked for. Defaults are the verb's.</summary>
internal sealed record WorkerSettings
{
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>The command and its arguments, as given.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Null: the machine's and the process' name.</summary>
    public string? Name { get; init; }

    /// <summary>Job types to run; empty: all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Commands at a time, per queue.</summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    public TimeSpan Timeout { get; init; } = JobBuilder.DefaultTimeout;

    public RetryPolicy Retry { get; init; } = JobSystem.Retry.Exponential();

    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Null: wait for the broker for ever.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Where to see policies and full queues; null: nowhere.</summary>
    public Uri? Management { get; init; }

    public bool Json { get; init; }

    public bool Verbose { get; init; }
}
