using System.Text;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// A job as a message: always persistent, never with an expiration. Pure but for the one set of properties
/// that it fills again and again, because publishing is hot: used by one thread at a time, and each message
/// is on its way before the next is written.
/// </summary>
/// <param name="maxHeaderBytes">What fits into one AMQP frame.</param>
/// <param name="listener">Told of headers that did not fit.</param>
internal sealed class MessageWriter(int maxHeaderBytes, IHeaderListener listener)
{
    private const int MaxShortText = 255;

    private static readonly object _firstEpoch = 0;

    private readonly HeaderBudget _budget = new(maxHeaderBytes, listener);
    private readonly Dictionary<string, object?> _headers = new(StringComparer.Ordinal);

    /// <summary>What the last <see cref="Write"/> made.</summary>
    public BasicProperties Properties { get; } = new();

    /// <summary>Returns why this job cannot be a message; null: it is written.</summary>
    /// <param name="job">The job.</param>
    /// <param name="delayLeft">What is left of its delay after the step of the ladder that the message goes to; null:
    /// it goes to none.</param>
    public string? Write(Job job, TimeSpan? delayLeft = null)
    {
        _headers.Clear();
        Properties.Headers = _headers;
        Properties.MessageId = job.Id.Value;
        Properties.DeliveryMode = DeliveryModes.Persistent;
        Properties.Type = job.Type;
        Properties.ContentType = job.ContentType;
        Properties.Priority = job.Priority ?? 0;
        Properties.Timestamp = job.EnqueuedAt is { } at ? new AmqpTimestamp(at.ToUnixTimeSeconds()) : default;
        Properties.ContentEncoding = Properties.CorrelationId = Properties.ReplyTo = Properties.AppId =
            Properties.ClusterId = null;
        if ((IsTooLong(job.Type) ? "type" : IsTooLong(job.ContentType) ? "content type"
            : job.Headers.Keys.Any(IsTooLong) ? "header's name" : null) is { } tooLong)
        {
            return $"A {tooLong} is longer than the {MaxShortText} bytes that AMQP has room for.";
        }

        AddOthers(job);
        AddOurs(job);
        Add(WireHeaders.DelayLeft, WholeMilliseconds(delayLeft));
        return job.Headers.Count == 0 && job.Checkpoint is null && job.Failure is null
            ? null
            : _budget.Fit(Properties, job.Headers.Keys.Select(WireHeaders.OnWire));
    }

    private void AddOurs(Job job)
    {
        _headers[WireHeaders.Epoch] = job.Epoch == 0 ? _firstEpoch : job.Epoch;
        if (job.Attempt != 1)
        {
            _headers[WireHeaders.Attempt] = job.Attempt;
        }

        if (job.WorkerLosses != 0)
        {
            _headers[WireHeaders.WorkerLosses] = job.WorkerLosses;
        }

        Add(WireHeaders.Lineage, job.Lineage);
        Add(WireHeaders.DueAt, job.DueAt?.ToUnixTimeMilliseconds());
        Add(WireHeaders.ParkedSince, job.ParkedSince?.ToUnixTimeMilliseconds());
        Add(WireHeaders.TimeoutMs, WholeMilliseconds(job.Timeout));
        Add(WireHeaders.Checkpoint, job.Checkpoint?.ToArray());
        Add(WireHeaders.TraceParent, job.TraceParent);
        if (job.Failure is { } failure)
        {
            _headers[WireHeaders.FailureReason] = FailureReasons.NameOf(failure.Reason);
            _headers[WireHeaders.FailureError] = failure.Error;
            _headers[WireHeaders.FailureAttempts] = failure.Attempts;
            _headers[WireHeaders.FailureQueue] = failure.Queue;
            _headers[WireHeaders.FailureWorker] = failure.Worker;
            _headers[WireHeaders.FailureAt] = failure.FailedAt.ToUnixTimeMilliseconds();
        }
    }

    private void Add(string name, object? value)
    {
        if (value is not null)
        {
            _headers[name] = value;
        }
    }

    private void AddOthers(Job job)
    {
        foreach (var (name, value) in job.Headers)
        {
            if (name == DeathHeaders.Name
                || (!SetProperty(name, value) && !WireHeaders.IsBrokers(name) && !WireHeaders.IsKnown(name)))
            {
                _headers[WireHeaders.OnWire(name)] = job.OriginalHeaders is { } originals
                    && originals.TryGetValue(name, out var original)
                    && Equals(HeaderValues.Normalise(original), value)
                    ? original
                    : HeaderValues.ToWire(value);
            }
        }
    }

    /// <summary>Headers that were AMQP properties become them again.</summary>
    private bool SetProperty(string name, object? value)
    {
        if (!name.StartsWith("amqp.", StringComparison.Ordinal)
            || value is not string { Length: > 0 } text || IsTooLong(text))
        {
            return false;
        }

        switch (name)
        {
            case WireHeaders.ContentEncoding:
                Properties.ContentEncoding = text;
                return true;
            case WireHeaders.CorrelationId:
                Properties.CorrelationId = text;
                return true;
            case WireHeaders.ReplyTo:
                Properties.ReplyTo = text;
                return true;
            case WireHeaders.AppId:
                Properties.AppId = text;
                return true;
            case WireHeaders.ClusterId:
                Properties.ClusterId = text;
                return true;
            default:
                return false;
        }
    }

    private static long? WholeMilliseconds(TimeSpan? time) =>
        time is { } value ? (long)Math.Ceiling(value.TotalMilliseconds) : null;

    private static bool IsTooLong(string? text) =>
        text is not null && text.Length > MaxShortText / 3 && Encoding.UTF8.GetByteCount(text) > MaxShortText;
}
