using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.RabbitMq;

/// <summary>
/// What the broker or the client library said, as one of the named failures. Pure. The text keeps the
/// broker's words.
/// </summary>
internal static partial class RabbitFailures
{
    /// <summary>Why a connection or channel closed.</summary>
    public static TransportFailure Of(ShutdownEventArgs reason) => reason.Initiator switch
    {
        ShutdownInitiator.Peer =>
            OfReply(reason.ReplyCode, reason.ReplyText, MissingPermission.Of(reason.ClassId, reason.MethodId)),
        ShutdownInitiator.Application => new(TransportFailureKind.Lost, "It was closed here."),
        ShutdownInitiator.Library when reason.ReplyCode == Constants.SyntaxError => new(TransportFailureKind.Lost,
            $"A message has headers that the client library cannot read ({Words(reason)}). It stays in its " +
            "queue, and nothing behind it is delivered, until another client takes it out."),
        _ => new(TransportFailureKind.Lost, $"The connection broke: {Words(reason)}."),
    };

    /// <summary>What went wrong in a call.</summary>
    /// <param name="connecting">The connection is not open yet: then lost is unreachable.</param>
    public static TransportFailure Of(Exception exception, bool connecting = false)
    {
        var broken = connecting ? TransportFailureKind.Unreachable : TransportFailureKind.Lost;
        return exception switch
        {
            TransportException known => known.Failure,
            AuthenticationFailureException refused =>
                new(TransportFailureKind.AccessRefused, refused.Message),
            AuthenticationException tls => new(
                TransportFailureKind.AccessRefused, $"TLS: {OneLine((tls.InnerException ?? tls).Message)}"),
            _ when NoMechanism().Match(exception.Message) is { Success: true } none =>
                new(TransportFailureKind.AccessRefused, NoLogin(none.Groups["offered"].Value)),
            OperationInterruptedException { ShutdownReason: { } reason } =>
                connecting ? Connecting(reason) : Of(reason),
            PossibleAuthenticationFailureException or BrokerUnreachableException or ConnectFailureException
                when exception.InnerException is { } inner => Of(inner, connecting),
            AggregateException { InnerExceptions: [var first, ..] } => Of(first, connecting),
            TimeoutException or OperationCanceledException => new(broken, "It took too long."),
            SocketException socket => new(broken, OneLine(socket.Message)),
            IOException { InnerException: { } cause } => Of(cause, connecting),
            _ => new(broken, OneLine(exception.Message)),
        };
    }

    /// <summary>Is this one of the failures that a network and a broker make, or a mistake of ours?</summary>
    public static bool IsOperating(Exception exception) => exception is
        RabbitMQClientException or IOException or SocketException or TimeoutException
        or OperationCanceledException or AuthenticationException or ObjectDisposedException
        or ChannelClosedException
        || (exception is AggregateException many && many.InnerExceptions.All(IsOperating));

    /// <summary>A reply code of AMQP 0-9-1 with RabbitMQ's text.</summary>
    /// <param name="code">Of AMQP.</param>
    /// <param name="text">Of RabbitMQ.</param>
    /// <param name="permission">What the refused call needs; brokers before 4.0 do not say it.</param>
    public static TransportFailure OfReply(ushort code, string text, string? permission = null)
    {
        var kind = code switch
        {
            311 => TransportFailureKind.TooLarge,
            320 => TransportFailureKind.ClosedByOperator,
            402 or 403 => TransportFailureKind.AccessRefused,
            404 => TransportFailureKind.NotFound,
            406 when Inequivalent().IsMatch(text) => TransportFailureKind.Inequivalent,
            406 when TooLarge().IsMatch(text) => TransportFailureKind.TooLarge,
            406 when ConsumerTimeout().IsMatch(text) => TransportFailureKind.Cancelled,
            530 when LimitReached().IsMatch(text) => TransportFailureKind.Unreachable,
            530 when text.Contains("vhost", StringComparison.OrdinalIgnoreCase) =>
                TransportFailureKind.AccessRefused,
            541 => TransportFailureKind.Lost,
            _ => TransportFailureKind.Refused,
        };
        return new TransportFailure(kind, OneLine(text) + MissingPermission.CureOf(text, permission))
        {
            LimitBytes = LimitOf(text),
        };
    }

    private static string NoLogin(string offered) => $"The broker offers the logins {offered}, and not ours. Cure: " +
        (offered.Contains("EXTERNAL", StringComparison.Ordinal)
            ? "add auth=external and cert=FILE.pem to the broker's URI."
            : "for auth=external enable the broker's plugin rabbitmq_auth_mechanism_ssl and name EXTERNAL in its " +
                "auth_mechanisms; without auth=external PLAIN must be among them.");

    private static TransportFailure Connecting(ShutdownEventArgs reason)
    {
        var failure = Of(reason);
        return failure.Kind is TransportFailureKind.Lost or TransportFailureKind.ClosedByOperator
            ? failure with { Kind = TransportFailureKind.Unreachable }
            : failure;
    }

    private static string Words(ShutdownEventArgs reason)
    {
        var words = reason.Exception is { } exception ? Innermost(exception).Message : reason.ReplyText;
        return OneLine(words).TrimEnd('.');
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static long? LimitOf(string text) =>
        TooLarge().Match(text) is { Success: true } match
        && long.TryParse(
            match.Groups["limit"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;

    [GeneratedRegex(@"No compatible authentication mechanism found - server offered \[(?<offered>[A-Z0-9 _-]*)\]")]
    private static partial Regex NoMechanism();

    [GeneratedRegex("message size [0-9]+ is larger than (configured )?max(imum)? size (?<limit>[0-9]+)")]
    private static partial Regex TooLarge();

    [GeneratedRegex("limit .*reached|reached .*limit")]
    private static partial Regex LimitReached();

    [GeneratedRegex("inequivalent arg")]
    private static partial Regex Inequivalent();

    [GeneratedRegex("delivery acknowledgement on channel [0-9]+ timed out")]
    private static partial Regex ConsumerTimeout();
}
