namespace JobSystem;

/// <summary>Describes how jobs of one type are run.</summary>
public sealed class JobBuilder
{
    /// <summary>The queue of jobs that name none.</summary>
    public const string DefaultQueue = "default";

    /// <summary>How long a run may take where nothing else is said: 30 min. A handler that hangs must not hold its
    /// slot forever; a job that needs longer says so.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    internal JobBuilder(string? type) => TypeName = type;

    internal string? TypeName { get; }

    internal string QueueName { get; private set; } = DefaultQueue;

    internal RetryPolicy RetryPolicy { get; private set; } = JobSystem.Retry.Exponential();

    internal TimeSpan RunTimeout { get; private set; } = DefaultTimeout;

    /// <summary>The queue it is run from and enqueued to. Default <c>default</c>.</summary>
    public JobBuilder Queue(string name)
    {
        QueueName = name;
        return this;
    }

    /// <summary>How long one run may take; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> forever.</summary>
    public JobBuilder Timeout(TimeSpan timeout)
    {
        RunTimeout = timeout;
        return this;
    }

    /// <summary>When a failed run is followed by another. Default <see cref="Retry.Exponential"/>.</summary>
    public JobBuilder Retry(RetryPolicy policy)
    {
        RetryPolicy = policy;
        return this;
    }
}

/// <summary>Describes one queue of a worker.</summary>
public sealed class QueueBuilder
{
    internal QueueBuilder(string name) => Options = new QueueOptions { Name = name };

    internal QueueOptions Options { get; private set; }

    internal List<(RawJobHandler Handler, JobBuilder Settings)> Raw { get; } = [];

    /// <summary>Jobs that run at a time in this process. Default: the number of processors.</summary>
    public QueueBuilder Concurrency(int slots)
    {
        Options = Options with { Concurrency = slots };
        return this;
    }

    /// <summary>One handler for all jobs of the queue, whatever their type; it gets the bytes.</summary>
    public QueueBuilder Handle(RawJobHandler handler, Action<JobBuilder>? configure = null) =>
        Add(new JobBuilder(null), handler, configure);

    /// <summary>A handler for the jobs of one type in this queue; it gets the bytes.</summary>
    public QueueBuilder Handle(string type, RawJobHandler handler, Action<JobBuilder>? configure = null) =>
        Add(new JobBuilder(type), handler, configure);

    private QueueBuilder Add(JobBuilder settings, RawJobHandler handler, Action<JobBuilder>? configure)
    {
        configure?.Invoke(settings);
        Raw.Add((handler, settings.Queue(Options.Name)));
        return this;
    }
}
