using Microsoft.Extensions.Logging;

namespace JobSystem;

/// <summary>The facts of one run, for its handler.</summary>
public sealed class JobContext
{
    private readonly Job _job;

    internal JobContext(Job job, string queue, ILogger logger) => (_job, Queue, Logger) = (job, queue, logger);

    /// <summary>The same for every run of this job: the key for making effects happen once.</summary>
    public JobId Id => _job.Id;

    /// <summary>Which run this is, from 1. A run that ended with its worker's death is not counted.</summary>
    public int Attempt => _job.Attempt;

    /// <summary>The work queue it came from.</summary>
    public string Queue { get; }

    /// <summary>The job type; null where the sender named none.</summary>
    public string? Type => _job.Type;

    /// <summary>The payload as bytes.</summary>
    public ReadOnlyMemory<byte> Body => _job.Body;

    public string? ContentType => _job.ContentType;

    public DateTimeOffset? EnqueuedAt => _job.EnqueuedAt;

    /// <summary>What the sender attached.</summary>
    public IReadOnlyDictionary<string, object?> Headers => _job.Headers;

    public ILogger Logger { get; }
}
