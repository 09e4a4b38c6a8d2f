using System.Text;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// A job as a message: always persistent, never with an expiration. Pure but for the one set of properties that it
/// fills again and again (publishing is hot): used by one thread at a time, and each message is on its way before the
/// next is written.
/// </summary>
/// <param name="maxHeaderBytes">What fits into one AMQP frame; larger headers would end the connection.</param>
internal sealed class MessageWriter(int maxHeaderBytes, IHeaderComplaints complaints)
{
    private const int MaxShortText = 255;

    private readonly Dictionary<string, object?> _headers = new(StringComparer.Ordinal);

    /// <summary>What the last <see cref="Write"/> made.</summary>
    public BasicProperties Properties { get; } = new();

    /// <summary>Returns why this job cannot be a message; null: it is written.</summary>
    public string? Write(Job job)
    {
        _headers.Clear();
        Properties.Headers = _headers;
        Properties.MessageId = job.Id.Value;
        Properties.DeliveryMode = DeliveryModes.Persistent;
        Properties.Type = job.Type;
        Properties.ContentType = job.ContentType;
        Properties.Priority = job.Priority ?? 0;
        Properties.Timestamp = job.EnqueuedAt is { } at ? new AmqpTimestamp(at.ToUnixTimeSeconds()) : default;
        ClearOptional();
        if (IsTooLong(job.Type))
        {
            return $"Its type is longer than the {MaxShortText} bytes that AMQP has room for.";
        }

        if (IsTooLong(job.ContentType))
        {
            return $"Its content type is longer than the {MaxShortText} bytes that AMQP has room for.";
        }

        if (AddOthers(job) is { } problem)
        {
            return problem;
        }

        AddOurs(job);
        return job.Headers.Count == 0 && job.Checkpoint is null && job.Failure is null ? null : Fit(job);
    }

    private void ClearOptional() =>
        Properties.ContentEncoding = Properties.CorrelationId = Properties.ReplyTo = Properties.AppId =
            Properties.ClusterId = Properties.UserId = Properties.Expiration = null;

    private void AddOurs(Job job)
    {
        _headers[WireHeaders.Epoch] = job.Epoch;
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
        Add(WireHeaders.TimeoutMs, job.Timeout is { } timeout ? (long)Math.Ceiling(timeout.TotalMilliseconds) : null);
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

    private string? AddOthers(Job job)
    {
        foreach (var (name, value) in job.Headers)
        {
            if (IsTooLong(name))
            {
                return $"A header's name is longer than the {MaxShortText} bytes that AMQP has room for.";
            }

            if (!SetProperty(name, value) && !WireHeaders.IsBrokers(name) && !WireHeaders.IsKnown(name))
            {
                _headers[name] = HeaderValues.ToWire(value);
            }
        }

        return null;
    }

    /// <summary>Headers that were AMQP properties become them again.</summary>
    private bool SetProperty(string name, object? value)
    {
        if (!name.StartsWith("amqp.", StringComparison.Ordinal) || value is not string text || IsTooLong(text))
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

    /// <summary>
    /// Makes the headers fit into a frame: the sender's own go first, the largest before the smaller, then the
    /// checkpoint, then the error's words. A job without a header is better than no job.
    /// </summary>
    private string? Fit(Job job)
    {
        foreach (var name in job.Headers.Keys
            .Where(_headers.ContainsKey)
            .OrderByDescending(name => Size(_headers[name]))
            .Append(WireHeaders.Checkpoint)
            .Append(WireHeaders.FailureError))
        {
            if (((IAmqpWriteable)Properties).GetRequiredBufferSize() <= maxHeaderBytes)
            {
                return null;
            }

            if (_headers.Remove(name))
            {
                complaints.Ignored(name, $"the headers do not fit into the {maxHeaderBytes} bytes of a frame");
            }
        }

        return ((IAmqpWriteable)Properties).GetRequiredBufferSize() <= maxHeaderBytes
            ? null
            : $"Its properties do not fit into the {maxHeaderBytes} bytes of an AMQP frame.";
    }

    private static int Size(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        BinaryTableValue binary => binary.Bytes.Length,
        _ => 8,
    };

    private static bool IsTooLong(string? text) =>
        text is not null && text.Length > MaxShortText / 3 && Encoding.UTF8.GetByteCount(text) > MaxShortText;
}
