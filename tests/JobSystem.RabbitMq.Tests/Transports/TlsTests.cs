using System.Net;
using System.Net.Sockets;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>A virtual host on the plain broker, which can be given one more TLS listener while it runs.</summary>
public abstract class TlsTests(VirtualHosts hosts) : IAsyncLifetime
{
    private protected CertificateFiles Files { get; } = new();

    private protected VirtualHost Host { get; private set; } = null!;

    /// <summary>Of a listener with a certificate for localhost that wants none from its clients.</summary>
    private protected int Port { get; private set; }

    /// <summary>The option that trusts it.</summary>
    private protected string Ca => $"ca={Uri.EscapeDataString(Files.PathOf("broker.pem"))}";

    public async Task InitializeAsync()
    {
        Host = await hosts.OnAsync("plain");
        Files.MakeServer("broker", "localhost");
        Port = await ListenAsync("broker", "{verify, verify_none}");
    }

    public Task DisposeAsync()
    {
        Files.Dispose();
        return Task.CompletedTask;
    }

    private protected async Task<int> ListenAsync(string certificate, string more)
    {
        var port = FreePort();
        await Host.Broker.CtlAsync("eval", "application:ensure_all_started(ssl), " +
            $"rabbit_networking:start_ssl_listener({{{{127,0,0,1}}, {port}, inet}}, " +
            $"[{{certfile, \"{Files.PathOf($"{certificate}.pem")}\"}}, " +
            $"{{keyfile, \"{Files.PathOf($"{certificate}.key")}\"}}, {more}], 2).");
        return port;
    }

    private protected Task<ITransportConnection> ConnectAsync(
        string host, string options, int? port = null, string login = "guest:guest@") => new RabbitTransport(
            RabbitOptions.Parse($"amqps://{login}{host}:{port ?? Port}/{Host.Name}?{options}"),
            TimeProvider.System, NullLoggerFactory.Instance).ConnectAsync("test", new ProbeConnection());

    private protected async Task<TransportFailure> FailureOfAsync(string host, string options, int? port = null) =>
        (await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(host, options, port))).Failure;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
