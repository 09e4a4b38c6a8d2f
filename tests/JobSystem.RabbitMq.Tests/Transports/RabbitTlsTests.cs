using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>
/// Encrypted connections, and which certificates are believed. On the plain broker: it can be given one more door
/// while it runs.
/// </summary>
[OnBroker("plain")]
public sealed class RabbitTlsTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>, IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobsystem-tls-");
    private VirtualHost _host = null!;
    private int _port;

    private string Certificate => PathOf("certificate.pem");

    public async Task InitializeAsync()
    {
        _host = await hosts.OnAsync("plain");
        _port = FreePort();
        MakeCertificate("localhost");
        await ListenAsync(_port, "{verify, verify_none}");
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_certificate_of_a_trusted_root_for_this_host_is_believed_and_bytes_go_both_ways()
    {
        await using var connection = await ConnectAsync("localhost", $"ca={Uri.EscapeDataString(Certificate)}");
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
        var ca = $"ca={Uri.EscapeDataString(Certificate)}";

        var failure = await FailureOfAsync("127.0.0.1", ca);
        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("is for the name 'localhost', not for '127.0.0.1'", failure.Text, StringComparison.Ordinal);
        await using var connection = await ConnectAsync("127.0.0.1", ca + "&server-name=localhost");
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
    public async Task A_broker_that_wants_a_client_certificate_says_so_and_takes_one_that_it_trusts()
    {
        MakeClient("known");
        MakeClient("stranger");
        var port = FreePort();
        await ListenAsync(port, $"{{cacertfile, \"{PathOf("known-root.pem")}\"}}, {{verify, verify_peer}}, " +
            "{fail_if_no_peer_cert, true}");
        var ca = $"ca={Uri.EscapeDataString(Certificate)}";

        var none = await FailureOfAsync("localhost", ca, port);
        Assert.Equal(TransportFailureKind.AccessRefused, none.Kind);
        Assert.Contains("wants a client certificate", none.Text, StringComparison.Ordinal);
        Assert.Contains("Cure: add cert=", none.Text, StringComparison.Ordinal);

        var stranger = await FailureOfAsync("localhost", $"{ca}&{ClientOptions("stranger")}", port);
        Assert.Equal(TransportFailureKind.AccessRefused, stranger.Kind);
        Assert.Contains("did not take the one of", stranger.Text, StringComparison.Ordinal);

        await using var known = await ConnectAsync("localhost", $"{ca}&{ClientOptions("known")}", port);
        Assert.NotNull(known.Product);
    }

    [Fact]
    public async Task A_client_certificate_that_is_not_there_is_named()
    {
        var failure = await FailureOfAsync("localhost", "cert=/no/such/client.pem");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("/no/such/client.pem", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wrong_door_is_no_broker()
    {
        var plainAtTls = new RabbitTransport(
            RabbitOptions.Parse($"amqp://guest:guest@127.0.0.1:{_port}"), TimeProvider.System,
            NullLoggerFactory.Instance);
        var tlsAtPlain = new RabbitTransport(
            RabbitOptions.Parse($"amqps://guest:guest@{_host.Uri.Authority}?connect-timeout=3s"),
            TimeProvider.System, NullLoggerFactory.Instance);

        foreach (var transport in new[] { plainAtTls, tlsAtPlain })
        {
            await Assert.ThrowsAsync<TransportException>(
                () => transport.ConnectAsync("test", new ProbeConnection()));
        }
    }

    private Task ListenAsync(int port, string more) => _host.Broker.CtlAsync(
        "eval", "application:ensure_all_started(ssl), " +
        $"rabbit_networking:start_ssl_listener({{{{127,0,0,1}}, {port}, inet}}, [{{certfile, \"{Certificate}\"}}, " +
        $"{{keyfile, \"{PathOf("key.pem")}\"}}, {more}], 2).");

    private Task<ITransportConnection> ConnectAsync(string host, string options, int? port = null) =>
        new RabbitTransport(
            RabbitOptions.Parse($"amqps://guest:guest@{host}:{port ?? _port}/{_host.Name}?{options}"),
            TimeProvider.System, NullLoggerFactory.Instance).ConnectAsync("test", new ProbeConnection());

    private async Task<TransportFailure> FailureOfAsync(string host, string options, int? port = null) =>
        (await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(host, options, port))).Failure;

    private void MakeCertificate(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            $"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A client certificate that a root of its own has signed: NAME-root.pem, NAME.pem, NAME.key.</summary>
    private void MakeClient(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = RSA.Create(2048);
        var root = new CertificateRequest(
            $"CN={name} root", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        using var signer = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = RSA.Create(2048);
        var client = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        client.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var certificate = client.Create(signer, now.AddHours(-1), now.AddHours(1), [1, 2, 3]);
        File.WriteAllText(PathOf($"{name}-root.pem"), signer.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private string ClientOptions(string name) => $"cert={Uri.EscapeDataString(PathOf($"{name}.pem"))}" +
        $"&key={Uri.EscapeDataString(PathOf($"{name}.key"))}";

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
