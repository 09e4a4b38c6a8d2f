namespace JobSystem.Transports;

/// <summary>An operating error of a broker, as a value.</summary>
/// <param name="Kind">What to do about it.</param>
/// <param name="Text">In the broker's words where it gave any; no secrets.</param>
public sealed record TransportFailure(TransportFailureKind Kind, string Text)
{
    /// <summary>With <see cref="TransportFailureKind.TooLarge"/>: the broker's limit in bytes, if it said it.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Any exception of a transport as a value.</summary>
    internal static TransportFailure Of(Exception error) => error switch
    {
        TransportException known => known.Failure,
        TimeoutException => new TransportFailure(TransportFailureKind.Unreachable, error.Message),
        _ => new TransportFailure(TransportFailureKind.Refused, $"{error.GetType().Name}: {error.Message}"),
    };
}

/// <summary>The operating errors by name. Everything else is a programmer's error and throws.</summary>
public enum TransportFailureKind
{
    /// <summary>Nobody answers, or not in time: back off and try again.</summary>
    Unreachable,

    /// <summary>The connection or channel was there and is gone: open a new one.</summary>
    Lost,

    /// <summary>An operator closed it.</summary>
    ClosedByOperator,

    /// <summary>The broker cancelled the consumer (queue deleted, leader moved, consumer timeout).</summary>
    Cancelled,

    /// <summary>Wrong user, password, virtual host or permission: no retry helps until somebody changes it.</summary>
    AccessRefused,

    /// <summary>No such queue.</summary>
    NotFound,

    /// <summary>The queue exists with other properties.</summary>
    Inequivalent,

    /// <summary>A message was larger than the broker takes.</summary>
    TooLarge,

    /// <summary>The broker broke a rule of the protocol or refused in a way not named here.</summary>
    Refused,
}

/// <summary>A <see cref="TransportFailure"/> where an exception is the way to tell it.</summary>
public sealed class TransportException(TransportFailure failure, Exception? inner = null)
    : Exception(failure.Text, inner)
{
    public TransportFailure Failure { get; } = failure;
}
