using System.Text;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The headers of one message, sorted: what the job system knows, the broker's own (left out), and all others.
/// Values out of their range are complained about and left out.
/// </summary>
internal struct JobHeaders(IHeaderComplaints complaints)
{
    private const int MaxText = 4 * JobFailure.MaxErrorLength;
    private const long MaxTimeoutMs = 3650L * 24 * 60 * 60 * 1000;

    private string? _failureReason;
    private string? _failureError;
    private string? _failureQueue;
    private string? _failureWorker;
    private int? _failureAttempts;
    private DateTimeOffset? _failedAt;
    private long? _deliveryCount;

    public int? Attempt { get; private set; }

    public int? Epoch { get; private set; }

    public string? Lineage { get; private set; }

    public DateTimeOffset? DueAt { get; private set; }

    public int? WorkerLosses { get; private set; }

    public DateTimeOffset? ParkedSince { get; private set; }

    public TimeSpan? Timeout { get; private set; }

    public ReadOnlyMemory<byte>? Checkpoint { get; private set; }

    public string? TraceParent { get; private set; }

    /// <summary>What the sender attached beside; null: nothing.</summary>
    public Dictionary<string, object?>? Others { get; private set; }

    /// <summary>Returns what the broker counted of earlier deliveries.</summary>
    public long? ReadAll(IDictionary<string, object?>? headers)
    {
        if (headers is Dictionary<string, object?> table)
        {
            foreach (var (name, value) in table)
            {
                Read(name, value);
            }
        }
        else if (headers is not null)
        {
            foreach (var (name, value) in headers)
            {
                Read(name, value);
            }
        }

        return _deliveryCount;
    }

    /// <summary>AMQP properties that a job has no field for, as headers.</summary>
    public void KeepProperties(IReadOnlyBasicProperties properties, bool hasId)
    {
        Keep(WireHeaders.ContentEncoding, properties.ContentEncoding);
        Keep(WireHeaders.CorrelationId, properties.CorrelationId);
        Keep(WireHeaders.ReplyTo, properties.ReplyTo);
        Keep(WireHeaders.AppId, properties.AppId);
        Keep(WireHeaders.ClusterId, properties.ClusterId);
        Keep(WireHeaders.UserId, properties.UserId);
        if (!hasId)
        {
            Keep(WireHeaders.MessageId, properties.MessageId);
        }
    }

    /// <summary>Why it stands in the dead letters; null: it does not.</summary>
    public readonly JobFailure? Failure()
    {
        if (_failureReason is null)
        {
            return null;
        }

        if (!FailureReasons.TryParse(_failureReason, out var reason))
        {
            complaints.Ignored(WireHeaders.FailureReason, "it is not a reason we know");
            return null;
        }

        return new JobFailure(reason, _failureError ?? "", _failureAttempts ?? 0, _failureQueue ?? "",
            _failureWorker ?? "", _failedAt ?? DateTimeOffset.UnixEpoch);
    }

    /// <summary>A time in seconds since 1970; null where there is no such time.</summary>
    public readonly DateTimeOffset? Seconds(long seconds)
    {
        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds()
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            complaints.Ignored("timestamp", "it is no time in seconds since 1970");
            return null;
        }

        return DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    private void Read(string name, object? value)
    {
        if (name.StartsWith(WireHeaders.Ours, StringComparison.Ordinal) && ReadOurs(name, value))
        {
            return;
        }

        if (name == WireHeaders.TraceParent)
        {
            TraceParent = Text(name, value, 128);
        }
        else if (name == WireHeaders.DeliveryCount)
        {
            _deliveryCount = HeaderValues.Whole(value) is >= 0 and var count ? count : null;
        }
        else if (!WireHeaders.IsBrokers(name))
        {
            (Others ??= new(StringComparer.Ordinal))[name] = HeaderValues.Normalise(value);
        }
    }

    private bool ReadOurs(string name, object? value)
    {
        switch (name)
        {
            case WireHeaders.Epoch:
                Epoch = (int?)Whole(name, value, 0, int.MaxValue);
                return true;
            case WireHeaders.Attempt:
                Attempt = (int?)Whole(name, value, 1, int.MaxValue);
                return true;
            case WireHeaders.WorkerLosses:
                WorkerLosses = (int?)Whole(name, value, 0, int.MaxValue - 1);
                return true;
            case WireHeaders.Lineage:
                Lineage = Text(name, value, JobId.MaxBytes);
                return true;
            case WireHeaders.DueAt:
                DueAt = Time(name, value);
                return true;
            case WireHeaders.ParkedSince:
                ParkedSince = Time(name, value);
                return true;
            case WireHeaders.TimeoutMs:
                Timeout = Whole(name, value, 1, MaxTimeoutMs) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
                return true;
            case WireHeaders.Checkpoint:
                Checkpoint = Bytes(name, value);
                return true;
            default:
                return ReadFailure(name, value);
        }
    }

    private bool ReadFailure(string name, object? value)
    {
        switch (name)
        {
            case WireHeaders.FailureReason:
                _failureReason = HeaderValues.Text(value, 100) ?? "?";
                return true;
            case WireHeaders.FailureError:
                _failureError = HeaderValues.Normalise(value) is string { Length: <= MaxText } text ? text : null;
                return true;
            case WireHeaders.FailureAttempts:
                _failureAttempts = (int?)Whole(name, value, 0, int.MaxValue);
                return true;
            case WireHeaders.FailureQueue:
                _failureQueue = Text(name, value, JobId.MaxBytes);
                return true;
            case WireHeaders.FailureWorker:
                _failureWorker = Text(name, value, 1000);
                return true;
            case WireHeaders.FailureAt:
                _failedAt = Time(name, value);
                return true;
            default:
                return false;
        }
    }

    private void Keep(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            (Others ??= new(StringComparer.Ordinal))[name] = value;
        }
    }

    private readonly long? Whole(string name, object? value, long min, long max)
    {
        if (HeaderValues.Whole(value) is { } number && number >= min && number <= max)
        {
            return number;
        }

        complaints.Ignored(name, $"it is not a whole number from {min} to {max}");
        return null;
    }

    private readonly DateTimeOffset? Time(string name, object? value) =>
        Whole(name, value, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) is { } ms
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : null;

    private readonly string? Text(string name, object? value, int maxLength)
    {
        var text = HeaderValues.Text(value, maxLength);
        if (string.IsNullOrEmpty(text))
        {
            complaints.Ignored(name, $"it is not a text of 1 to {maxLength} characters");
            return null;
        }

        return text;
    }

    private readonly ReadOnlyMemory<byte>? Bytes(string name, object? value)
    {
        switch (value)
        {
            case byte[] bytes:
                return bytes;
            case BinaryTableValue binary:
                return binary.Bytes;
            case string text:
                return Encoding.UTF8.GetBytes(text);
            default:
                complaints.Ignored(name, "it is not bytes");
                return default;
        }
    }
}
