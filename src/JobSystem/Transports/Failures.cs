namespace JobSystem.Transports;

/// <summary>Any exception of a transport as a failure value.</summary>
internal static class Failures
{
    public static TransportFailure Of(Exception error) => error switch
    {
        TransportException known => known.Failure,
        TimeoutException => new TransportFailure(TransportFailureKind.Unreachable, error.Message),
        _ => new TransportFailure(TransportFailureKind.Refused, $"{error.GetType().Name}: {error.Message}"),
    };
}
