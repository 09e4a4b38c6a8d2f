namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The headers of one message that say why it was dead-lettered. What makes no sense is logged
/// and left out; a reason that nobody knows is no failure.
/// </summary>
internal struct FailureHeaders(HeaderReader reader)
{
    private const int MaxError = 4 * JobFailure.MaxErrorLength;
    private const int MaxWorker = 1000;

    private string? _reason;
    private string? _error;
    private string? _queue;
    private string? _worker;
    private int? _attempts;
    private DateTimeOffset? _at;

    /// <summary>False: it is not one of them.</summary>
    public bool Read(string name, object? value)
    {
        switch (name)
        {
            case WireHeaders.FailureReason:
                _reason = HeaderValues.Text(value, 100) ?? "?";
                return true;
            case WireHeaders.FailureError:
                _error = HeaderValues.Normalise(value) is string { Length: <= MaxError } text ? text : null;
                return true;
            case WireHeaders.FailureAttempts:
                _attempts = (int?)reader.Whole(name, value, 0, int.MaxValue);
                return true;
            case WireHeaders.FailureQueue:
                _queue = reader.Text(name, value, JobId.MaxBytes);
                return true;
            case WireHeaders.FailureWorker:
                _worker = reader.Text(name, value, MaxWorker);
                return true;
            case WireHeaders.FailureAt:
                _at = reader.Milliseconds(name, value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Null: it was not dead-lettered.</summary>
    public readonly JobFailure? Failure()
    {
        if (_reason is null)
        {
            return null;
        }

        if (!FailureReasons.TryParse(_reason, out var reason))
        {
            reader.Ignored(WireHeaders.FailureReason, "it is not a reason we know");
            return null;
        }

        return new JobFailure(
            reason, _error ?? "", _attempts ?? 0, _queue ?? "", _worker ?? "", _at
                ?? DateTimeOffset.UnixEpoch);
    }
}
