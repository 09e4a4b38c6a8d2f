using System.Globalization;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// A message as a job. Whatever a sender put into its properties, there is a job in the end: what makes no
/// sense is logged and left out. Pure but for the ids it gives, which come from the clock and the
/// random passed in. Used by one thread at a time.
/// </summary>
/// <param name="ofDeadLetters">
/// A dead letter without a reason of ours has the broker's. A job that is to run has none: what brought it here, other
/// systems' retries too, is no failure of it.
/// </param>
internal sealed class MessageReader(
    TimeProvider clock, Random random, IHeaderListener listener, bool ofDeadLetters = false)
{
    private static readonly Dictionary<string, object?> _noHeaders = [];

    private readonly HeaderReader _headers = new(listener);

    /// <summary>Of the message that was read last: what is left of its delay, as far as the ladder says.</summary>
    public TimeSpan? DelayLeft { get; private set; }

    /// <param name="properties">As the sender wrote them.</param>
    /// <param name="body">Kept as it is: the caller's copy.</param>
    /// <param name="deliveryCount">What the broker counted of earlier deliveries; null: nothing.</param>
    public Job Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, out long? deliveryCount)
    {
        var hasId = JobId.TryParse(properties.MessageId, out var id);
        var headers = new JobHeaders(_headers);
        headers.ReadAll(properties.Headers);
        headers.KeepProperties(properties, hasId);
        deliveryCount = headers.DeliveryCount;
        DelayLeft = headers.DelayLeft;
        var type = NullIfEmpty(properties.Type);
        var (contentType, unreadable) = (NullIfEmpty(properties.ContentType), (string?)null);
        if (type == Amqp10Body.DataTypeName && headers.IsFromAmqp10)
        {
            type = null;
        }
        else if (type == Amqp10Body.TypeName)
        {
            var decoded = Amqp10Body.Decode(body);
            (body, unreadable) = (decoded.Body, decoded.Problem);
            (type, contentType) = unreadable is null ? (null, contentType ?? decoded.ContentType) : (type, contentType);
        }

        var ours = hasId && headers.Epoch is not null;
        return new Job
        {
            Id = hasId ? id : JobId.New(clock.GetUtcNow(), random),
            IdWasGiven = !hasId,
            Origin = ours ? JobOrigin.Ours : JobOrigin.Foreign,
            Lineage = ours ? headers.Lineage : NewLineage(),
            Type = type,
            Body = body,
            ContentType = contentType,
            Attempt = headers.Attempt ?? 1,
            Epoch = headers.Epoch ?? 0,
            EnqueuedAt = properties.IsTimestampPresent()
                ? _headers.Seconds("timestamp", properties.Timestamp.UnixTime)
                : null,
            WorkerLosses = headers.WorkerLosses ?? 0,
            DueAt = headers.DueAt,
            ParkedSince = headers.ParkedSince,
            Timeout = headers.Timeout,
            Priority = properties.Priority == 0 ? null : properties.Priority,
            Checkpoint = headers.Checkpoint,
            TraceParent = headers.TraceParent,
            Failure = headers.Failure(ofDeadLetters),
            Headers = headers.Others ?? _noHeaders,
            OriginalHeaders = headers.Originals,
            Unreadable = unreadable,
        };
    }

    private string NewLineage() => random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
