namespace JobSystem;

/// <summary>What may be said of one enqueue beyond its payload. Null: as registered, or the default.</summary>
public sealed record EnqueueOptions
{
    internal static EnqueueOptions None { get; } = new();

    /// <summary>
    /// The job's id. Default: a new UUIDv7. The same id twice is the same job: a worker that ran the first takes the
    /// second for a re-sent publish (see <see cref="JobSystemOptions.ResendWindow"/>).
    /// </summary>
    public JobId? Id { get; init; }

    /// <summary>The work queue. Default: as registered for the payload's type.</summary>
    public string? Queue { get; init; }

    /// <summary>The job type. Default: as registered for the payload's type.</summary>
    public string? Type { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Not to be run before this long from now. Default: at once.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>0 (lowest) to 255.</summary>
    public byte? Priority { get; init; }

    /// <summary>How long one run may take. Default: the handler's setting.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Kept with the job through retries; text, long, double, bool or bytes.</summary>
    public IReadOnlyDictionary<string, object?>? Headers { get; init; }

    /// <summary>How long to wait for the confirm. Default: <see cref="JobSystemOptions.PublishDeadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }
}
