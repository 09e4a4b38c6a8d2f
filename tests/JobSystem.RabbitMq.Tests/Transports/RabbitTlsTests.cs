using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>Encrypted connections, and which certificates of a broker are trusted.</summary>
[OnBroker("plain")]
public sealed class RabbitTlsTests(VirtualHosts hosts) : TlsTests(hosts), IClassFixture<VirtualHosts>
{
    [Fact]
    public async Task A_certificate_of_a_trusted_root_for_this_host_is_believed_and_bytes_go_both_ways()
    {
        await using var connection = await ConnectAsync("localhost", Ca);
        var body = new byte[1024 * 1024];
        new Random(1).NextBytes(body);
        var publisher = new ProbePublisher();
        var consumer = new ProbeConsumer();

        var publishing = await connection.OpenPublisherAsync(publisher);
        publishing.Publish(1, new Job { Id = new JobId("a"), Body = body }, new Destination("tls"));
        await publisher.ConfirmedAsync(1);
        await connection.ConsumeAsync(new ConsumerSettings("tls", Lane.Work, 1), consumer);

        Assert.Equal(body, (await consumer.NextAsync()).Job.Body.ToArray());
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        var failure = await FailureOfAsync("localhost", "verify=peer");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("is not trusted", failure.Text, StringComparison.Ordinal);
        Assert.Contains("Cure: add ca=FILE.pem", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_unless_its_name_is_given()
    {
        var failure = await FailureOfAsync("127.0.0.1", Ca);
        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("is for the name 'localhost', not for '127.0.0.1'", failure.Text, StringComparison.Ordinal);
        await using var connection = await ConnectAsync("127.0.0.1", Ca + "&server-name=localhost");
    }

    [Fact]
    public async Task A_certificate_that_expired_is_refused_with_its_dates()
    {
        Files.MakeServer("expired", "localhost", expired: true);
        var port = await ListenAsync("expired", "{verify, verify_none}");
        var ca = Uri.EscapeDataString(Files.PathOf("expired.pem"));

        var failure = await FailureOfAsync("localhost", $"ca={ca}", port);

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("is not valid now: it is valid from", failure.Text, StringComparison.Ordinal);
        Assert.Contains("Cure: renew it", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_certificate_is_believed_where_that_is_asked_for()
    {
        await using var connection = await ConnectAsync("127.0.0.1", "verify=none");
    }

    [Fact]
    public async Task A_file_of_roots_that_is_not_there_is_named()
    {
        var failure = await FailureOfAsync("localhost", "ca=/no/such/file.pem");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("/no/such/file.pem", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_of_the_other_protocol_is_no_broker()
    {
        var plainAtTls = new RabbitTransport(
            RabbitOptions.Parse($"amqp://guest:guest@127.0.0.1:{Port}"), TimeProvider.System,
            NullLoggerFactory.Instance);
        var tlsAtPlain = new RabbitTransport(
            RabbitOptions.Parse($"amqps://guest:guest@{Host.Uri.Authority}?connect-timeout=3s"),
            TimeProvider.System, NullLoggerFactory.Instance);

        foreach (var transport in new[] { plainAtTls, tlsAtPlain })
        {
            await Assert.ThrowsAsync<TransportException>(
                () => transport.ConnectAsync("test", new ProbeConnection()));
        }
    }
}
