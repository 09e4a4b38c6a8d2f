using System.Net.Sockets;
using System.Security.Authentication;
using JobSystem.RabbitMq;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>
/// The words of brokers and of the client library, as failures. The words were seen on real ones.
/// </summary>
public sealed class RabbitFailuresTests
{
    [Theory]
    [InlineData(320, "CONNECTION_FORCED - closed by hand", TransportFailureKind.ClosedByOperator)]
    [InlineData(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
        TransportFailureKind.ClosedByOperator)]
    [InlineData(403, "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.",
        TransportFailureKind.AccessRefused)]
    [InlineData(530, "NOT_ALLOWED - vhost nope not found", TransportFailureKind.AccessRefused)]
    [InlineData(530, "NOT_ALLOWED - vhost unlimited not found", TransportFailureKind.AccessRefused)]
    [InlineData(530, "NOT_ALLOWED - access to vhost '/' refused for user 'x': connection limit (1) is " +
        "reached", TransportFailureKind.Unreachable)]
    [InlineData(404, "NOT_FOUND - no queue 'q' in vhost '/'", TransportFailureKind.NotFound)]
    [InlineData(405, "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'",
        TransportFailureKind.Refused)]
    [InlineData(406, "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': " +
        "received 'true' but current is 'false'", TransportFailureKind.Inequivalent)]
    [InlineData(406, "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value " +
        "used: 1800000 ms", TransportFailureKind.Cancelled)]
    [InlineData(406, "PRECONDITION_FAILED - unknown delivery tag 5", TransportFailureKind.Refused)]
    [InlineData(541, "INTERNAL_ERROR", TransportFailureKind.Lost)]
    [InlineData(540, "NOT_IMPLEMENTED - queue does not support global qos", TransportFailureKind.Refused)]
    public void A_reply_has_a_kind_and_keeps_its_words(int code, string words, TransportFailureKind kind)
    {
        var failure = RabbitFailures.Of(Peer(code, words));

        Assert.Equal((kind, words), (failure.Kind, failure.Text));
        Assert.Null(failure.LimitBytes);
    }

    [Theory]
    [InlineData("configure access to queue 'jobs.delay.1s'", "'configure' is missing to declare or delete the queue")]
    [InlineData("configure access to exchange 'jobs.delay.1s'",
        "'configure' is missing to declare or delete the exchange")]
    [InlineData("write access to queue 'images'", "'write' is missing to publish or bind to the queue 'images'")]
    [InlineData("write access to exchange 'amq.default'", "'write' is missing to publish or bind to the exchange")]
    [InlineData("read access to queue 'images'", "'read' is missing to consume, look at or bind the queue 'images'")]
    public void A_missing_permission_is_named_with_what_it_is_for_and_who_gives_it(string which, string told)
    {
        var failure = RabbitFailures.Of(
            Peer(403, $"ACCESS_REFUSED - {which} in vhost 'v' refused for user 'low'"));

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains(told, failure.Text, StringComparison.Ordinal);
        Assert.Contains("Cure: ", failure.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 10, "'configure'")]
    [InlineData(60, 40, "'write'")]
    [InlineData(60, 20, "'read'")]
    [InlineData(50, 20, "A permission on the queue 'q'")]
    public void A_broker_that_does_not_name_the_permission_is_helped_by_the_call(
        ushort classId, ushort methodId, string told) => Assert.Contains(
        told,
        RabbitFailures.OfReply(403, "ACCESS_REFUSED - access to queue 'q' in vhost 'v' refused for user 'low'",
            MissingPermission.Of(classId, methodId)).Text,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("PRECONDITION_FAILED - message size 17000000 is larger than configured max size 16777216",
        16777216)]
    [InlineData("PRECONDITION_FAILED - message size 600000000 is larger than max size 536870912", 536870912)]
    public void A_message_that_was_too_large_names_the_limit(string words, long limit)
    {
        var failure = RabbitFailures.Of(Peer(406, words));

        Assert.Equal((TransportFailureKind.TooLarge, (long?)limit), (failure.Kind, failure.LimitBytes));
    }

    [Fact]
    public void What_breaks_while_connecting_is_unreachable_and_later_lost()
    {
        foreach (var broken in new Exception[]
        {
            new SocketException((int)SocketError.ConnectionRefused),
            new IOException("The stream ended."),
            new BrokerUnreachableException(new IOException("connection.start was never received")),
            new ConnectFailureException("No.", new SocketException((int)SocketError.HostUnreachable)),
            new TimeoutException(),
            new OperationCanceledException(),
            new PossibleAuthenticationFailureException("Possibly.", new IOException("It ended.")),
            new OperationInterruptedException(Peer(320, "CONNECTION_FORCED - shutdown")),
            new AggregateException(new SocketException((int)SocketError.TimedOut)),
        })
        {
            Assert.True(RabbitFailures.IsOperating(broken), broken.GetType().Name);
            Assert.Equal(TransportFailureKind.Unreachable, RabbitFailures.Of(broken, connecting: true).Kind);
            Assert.NotEqual(TransportFailureKind.Unreachable, RabbitFailures.Of(broken).Kind);
        }
    }

    [Fact]
    public void Who_is_refused_is_refused_also_while_connecting()
    {
        foreach (var refused in new Exception[]
        {
            new BrokerUnreachableException(new AuthenticationFailureException("ACCESS_REFUSED - Login")),
            new OperationInterruptedException(Peer(530, "NOT_ALLOWED - vhost nope not found")),
            new BrokerUnreachableException(new AuthenticationException("The certificate is not trusted.")),
        })
        {
            Assert.Equal(
                TransportFailureKind.AccessRefused, RabbitFailures.Of(refused, connecting: true).Kind);
        }
    }

    [Theory]
    [InlineData("PLAIN AMQPLAIN", "rabbitmq_auth_mechanism_ssl")]
    [InlineData("EXTERNAL", "add auth=external and cert=FILE.pem")]
    public void A_broker_that_offers_other_logins_refuses_and_the_cure_is_told(string offered, string cure)
    {
        var failure = RabbitFailures.Of(new BrokerUnreachableException(new IOException(
            $"No compatible authentication mechanism found - server offered [{offered}]")), connecting: true);

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains($"the logins {offered},", failure.Text, StringComparison.Ordinal);
        Assert.Contains(cure, failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_connection_tells_its_innermost_cause_in_one_line()
    {
        var cause = new IOException("Outer.", new SocketException((int)SocketError.ConnectionReset));

        var failure = RabbitFailures.Of(
            new ShutdownEventArgs(ShutdownInitiator.Library, 541, "Unexpected\nexception", cause));

        Assert.Equal(TransportFailureKind.Lost, failure.Kind);
        Assert.Contains(cause.InnerException!.Message.TrimEnd('.'), failure.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Text);
    }

    [Fact]
    public void Headers_that_the_library_cannot_read_are_named_with_the_way_out()
    {
        var failure = RabbitFailures.Of(new ShutdownEventArgs(
            ShutdownInitiator.Library, 502, "Unrepresentable AMQP decimal table field: scale=30"));

        Assert.Equal(TransportFailureKind.Lost, failure.Kind);
        Assert.Contains("scale=30", failure.Text, StringComparison.Ordinal);
        Assert.Contains("another client takes it out", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_of_ours_is_no_operating_error()
    {
        Assert.False(RabbitFailures.IsOperating(new ArgumentException("x")));
        Assert.False(RabbitFailures.IsOperating(new InvalidOperationException("x")));
        Assert.False(RabbitFailures.IsOperating(new AggregateException(new ArgumentException("x"))));
    }

    private static ShutdownEventArgs Peer(int code, string words) =>
        new(ShutdownInitiator.Peer, (ushort)code, words);
}
