using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The headers of one message, sorted: what the job system knows, the broker's own (left out), and all
/// others.
/// </summary>
internal struct JobHeaders(HeaderReader reader)
{
    private const long MaxTimeoutMs = 3650L * 24 * 60 * 60 * 1000;
    private static readonly long _maxDelayMs = (long)SettlementRules.LongestDelay.TotalMilliseconds;
    private const int MaxTraceParent = 128;

    private FailureHeaders _failure = new(reader);
    private object? _deaths;
    private object? _deathsBefore;
    private TimeSpan? _delayLeft;

    public int? Attempt { get; private set; }

    public int? Epoch { get; private set; }

    public string? Lineage { get; private set; }

    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>What of the delay is left, where the ladder has held the message; null: it has not.</summary>
    public readonly TimeSpan? DelayLeft => DeathHeaders.IsFromLadder(_deaths) ? _delayLeft : null;

    public int? WorkerLosses { get; private set; }

    public DateTimeOffset? ParkedSince { get; private set; }

    public TimeSpan? Timeout { get; private set; }

    public ReadOnlyMemory<byte>? Checkpoint { get; private set; }

    public string? TraceParent { get; private set; }

    /// <summary>What the broker counted of earlier deliveries; null: nothing.</summary>
    public long? DeliveryCount { get; private set; }

    /// <summary>The plugin of RabbitMQ 3.x has made it of an AMQP 1.0 message.</summary>
    public bool IsFromAmqp10 { get; private set; }

    /// <summary>What the sender attached beside; null: nothing.</summary>
    public Dictionary<string, object?>? Others { get; private set; }

    /// <summary>Those of the others that would come back as another type; null: none.</summary>
    public Dictionary<string, object?>? Originals { get; private set; }

    /// <param name="orBrokers">Where we wrote none: the broker's own.</param>
    public readonly JobFailure? Failure(bool orBrokers) =>
        _failure.Failure() ?? (orBrokers ? DeathHeaders.FailureOf(_deaths) : null);

    public void ReadAll(IDictionary<string, object?>? headers)
    {
        if (headers is Dictionary<string, object?> table)
        {
            // What the library gives; its enumerator allocates nothing.
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

        if (DeathHeaders.Kept(_deaths, _deathsBefore) is { } kept)
        {
            Keep(DeathHeaders.Name, kept);
        }
    }

    /// <summary>AMQP properties that a job has no field for, as headers.</summary>
    public void KeepProperties(IReadOnlyBasicProperties properties, bool hasId)
    {
        KeepText(WireHeaders.ContentEncoding, properties.ContentEncoding);
        KeepText(WireHeaders.CorrelationId, properties.CorrelationId);
        KeepText(WireHeaders.ReplyTo, properties.ReplyTo);
        KeepText(WireHeaders.AppId, properties.AppId);
        KeepText(WireHeaders.ClusterId, properties.ClusterId);
        KeepText(WireHeaders.UserId, properties.UserId);
        if (!hasId)
        {
            KeepText(WireHeaders.MessageId, properties.MessageId);
        }
    }

    private void Read(string name, object? value)
    {
        if (name.StartsWith(WireHeaders.Ours, StringComparison.Ordinal) && ReadOurs(name, value))
        {
            return;
        }

        if (name == WireHeaders.TraceParent)
        {
            TraceParent = reader.Text(name, value, MaxTraceParent);
        }
        else if (name == WireHeaders.DeliveryCount)
        {
            DeliveryCount = HeaderValues.Whole(value) is >= 0 and var count ? count : null;
        }
        else if (name == DeathHeaders.Name)
        {
            _deaths = value;
        }
        else if (!WireHeaders.IsBrokers(name))
        {
            Keep(name, value);
            IsFromAmqp10 |= name.StartsWith(WireHeaders.Amqp10Section, StringComparison.Ordinal);
        }
    }

    private void Keep(string name, object? value)
    {
        (Others ??= new(StringComparer.Ordinal))[name] = HeaderValues.Normalise(value);
        if (!HeaderValues.IsKeptByNormalising(value))
        {
            (Originals ??= new(StringComparer.Ordinal))[name] = value;
        }
    }

    private bool ReadOurs(string name, object? value)
    {
        switch (name)
        {
            case WireHeaders.Epoch:
                Epoch = (int?)reader.Whole(name, value, 0, int.MaxValue);
                return true;
            case WireHeaders.Attempt:
                Attempt = (int?)reader.Whole(name, value, 1, int.MaxValue);
                return true;
            case WireHeaders.WorkerLosses:
                WorkerLosses = (int?)reader.Whole(name, value, 0, int.MaxValue - 1);
                return true;
            case WireHeaders.Lineage:
                Lineage = reader.Text(name, value, JobId.MaxBytes);
                return true;
            case WireHeaders.DueAt:
                DueAt = reader.Milliseconds(name, value);
                return true;
            case WireHeaders.DelayLeft:
                var left = reader.Whole(name, value, 0, _maxDelayMs);
                _delayLeft = left is null ? null : TimeSpan.FromMilliseconds(left.Value);
                return true;
            case WireHeaders.ParkedSince:
                ParkedSince = reader.Milliseconds(name, value);
                return true;
            case WireHeaders.TimeoutMs:
                var ms = reader.Whole(name, value, 1, MaxTimeoutMs);
                Timeout = ms is null ? null : TimeSpan.FromMilliseconds(ms.Value);
                return true;
            case WireHeaders.Deaths:
                _deathsBefore = value;
                return true;
            case WireHeaders.Checkpoint:
                Checkpoint = reader.Bytes(name, value);
                return true;
            default:
                return _failure.Read(name, value);
        }
    }

    private void KeepText(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            (Others ??= new(StringComparer.Ordinal))[name] = value;
        }
    }
}
