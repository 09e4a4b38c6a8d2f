using System.Collections.Frozen;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The names on the wire. Any AMQP client may set them; a message with none of them is a job too.
/// </summary>
internal static class WireHeaders
{
    public const string Ours = "x-job-";

    public const string Attempt = "x-job-attempt";
    public const string Epoch = "x-job-epoch";
    public const string Lineage = "x-job-lineage";
    public const string DueAt = "x-job-due-at";

    /// <summary>On messages in the delay ladder: what of the delay is left after the step, in milliseconds.</summary>
    public const string DelayLeft = "x-job-delay-left-ms";
    public const string WorkerLosses = "x-job-worker-losses";
    public const string ParkedSince = "x-job-parked-since";
    public const string TimeoutMs = "x-job-timeout-ms";
    public const string Checkpoint = "x-job-checkpoint";
    public const string TraceParent = "traceparent";

    /// <summary>
    /// What brokers noted in x-death before this job was published again, as it was. Not by that name:
    /// RabbitMQ 3.x would take it for its own and drop an expired message that comes back to a queue named there; 4.x
    /// writes over it.
    /// </summary>
    public const string Deaths = "x-job-deaths";

    public const string FailureReason = "x-job-failure-reason";
    public const string FailureError = "x-job-failure-error";
    public const string FailureAttempts = "x-job-failure-attempts";
    public const string FailureQueue = "x-job-failure-queue";
    public const string FailureWorker = "x-job-failure-worker";
    public const string FailureAt = "x-job-failure-at";

    /// <summary>How often the broker counted that a quorum queue's delivery came back.</summary>
    public const string DeliveryCount = "x-delivery-count";

    /// <summary>
    /// What the client library adds to a publish whose confirm it tracks: the copies that are put back have it.
    /// </summary>
    public const string LibrarySequence = "x-dotnet-pub-seq-no";

    /// <summary>So begin the sections of an AMQP 1.0 message that the plugin of RabbitMQ 3.x passes on.</summary>
    public const string Amqp10Section = "x-amqp-1.0-";

    // AMQP properties that a job has no field for: kept as headers, written back as properties.
    public const string ContentEncoding = "amqp.content_encoding";
    public const string CorrelationId = "amqp.correlation_id";
    public const string ReplyTo = "amqp.reply_to";
    public const string AppId = "amqp.app_id";
    public const string ClusterId = "amqp.cluster_id";

    // These two stay headers: the broker checks user_id against the connection's user, and message_id is the
    // job's.
    public const string UserId = "amqp.user_id";
    public const string MessageId = "amqp.message_id";

    private static readonly FrozenSet<string> _known = FrozenSet.ToFrozenSet(
    [
        Attempt, Epoch, WorkerLosses, Lineage, DueAt, DelayLeft, ParkedSince, TimeoutMs, Checkpoint, TraceParent,
        Deaths,
        FailureReason, FailureError, FailureAttempts, FailureQueue, FailureWorker, FailureAt,
    ], StringComparer.Ordinal);

    /// <summary>A header with a meaning of its own: never the sender's to set by name.</summary>
    public static bool IsKnown(string name) => _known.Contains(name);

    /// <summary>By which name a job's header is written.</summary>
    public static string OnWire(string name) => name == DeathHeaders.Name ? Deaths : name;

    /// <summary>
    /// The broker's own notes on one message's way. A successor is another message: it starts without them.
    /// CC and BCC would even send it to other queues.
    /// </summary>
    public static bool IsBrokers(string name) =>
        name is "CC" or "BCC" or DeliveryCount or "x-acquired-count" or LibrarySequence
        || (name.StartsWith("x-", StringComparison.Ordinal)
            && (name.StartsWith("x-death", StringComparison.Ordinal)
                || name.StartsWith("x-first-death-", StringComparison.Ordinal)
                || name.StartsWith("x-last-death-", StringComparison.Ordinal)
                || name.StartsWith("x-opt-", StringComparison.Ordinal)));
}
