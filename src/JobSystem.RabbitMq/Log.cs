using Microsoft.Extensions.Logging;

namespace JobSystem.RabbitMq;

/// <summary>
/// Every log line of this transport. Expected trouble is told to the listeners, not logged.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to {Broker} (RabbitMQ {Version}) as {Name}.")]
    public static partial void Connected(ILogger logger, string broker, RabbitVersion version, string name);

    [LoggerMessage(2, LogLevel.Information, "Declared the queue '{Queue}'.")]
    public static partial void Declared(ILogger logger, string queue);

    [LoggerMessage(3, LogLevel.Warning,
        "Ignored the header '{Header}' of a message: {Why}. The job goes on without it. " +
        "{Suppressed} such lines were left out in the last minute.")]
    public static partial void IgnoredHeader(ILogger logger, string header, string why, int suppressed);

    [LoggerMessage(4, LogLevel.Warning,
        "Gave up the connection {Name}: {Cause} The broker gives what is unsettled on it to others.")]
    public static partial void Abandoned(ILogger logger, string name, string cause);

    [LoggerMessage(5, LogLevel.Error, "A listener of the transport threw; its channel is closed.")]
    public static partial void ListenerThrew(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning,
        "The certificate of {Broker} is not checked (verify=none): anybody between can read along.")]
    public static partial void NotVerified(ILogger logger, string broker);
}
