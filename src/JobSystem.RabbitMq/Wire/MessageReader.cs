using System.Globalization;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>Told of headers that make no sense; they are ignored, the job is not.</summary>
internal interface IHeaderComplaints
{
    void Ignored(string header, string why);
}

/// <summary>
/// A message as a job. Whatever a sender put into its properties, there is a job in the end: what makes no sense is
/// complained about and left out. Pure but for the ids it gives, which come from the clock and the random passed in.
/// Used by one thread at a time.
/// </summary>
internal sealed class MessageReader(TimeProvider clock, Random random, IHeaderComplaints complaints)
{
    private static readonly IReadOnlyDictionary<string, object?> _noHeaders = new Dictionary<string, object?>();

    /// <param name="properties">As the sender wrote them.</param>
    /// <param name="body">Kept as it is: the caller's copy.</param>
    /// <param name="deliveryCount">What the broker counted of earlier deliveries; null: nothing.</param>
    public Job Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, out long? deliveryCount)
    {
        var parts = new JobHeaders(complaints);
        deliveryCount = parts.ReadAll(properties.Headers);
        var hasId = JobId.TryParse(properties.MessageId, out var id);
        var ours = hasId && parts.Epoch is not null;
        parts.KeepProperties(properties, hasId);
        return new Job
        {
            Id = hasId ? id : JobId.New(clock.GetUtcNow(), random),
            IdWasGiven = !hasId,
            Origin = ours ? JobOrigin.Ours : JobOrigin.Foreign,
            Lineage = ours ? parts.Lineage : NewLineage(),
            Type = NullIfEmpty(properties.Type),
            Body = body,
            ContentType = NullIfEmpty(properties.ContentType),
            Attempt = parts.Attempt ?? 1,
            Epoch = parts.Epoch ?? 0,
            EnqueuedAt = properties.IsTimestampPresent() ? parts.Seconds(properties.Timestamp.UnixTime) : null,
            DueAt = parts.DueAt,
            WorkerLosses = parts.WorkerLosses ?? 0,
            ParkedSince = parts.ParkedSince,
            Timeout = parts.Timeout,
            Priority = properties.Priority == 0 ? null : properties.Priority,
            Checkpoint = parts.Checkpoint,
            TraceParent = parts.TraceParent,
            Failure = parts.Failure(),
            Headers = parts.Others ?? _noHeaders,
        };
    }

    private string NewLineage() => random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
