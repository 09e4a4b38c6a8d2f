using System.Net.Sockets;
using JobSystem.RabbitMq.Management;
using JobSystem.RabbitMq.Sockets;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// RabbitMQ 3.10 to 4.x behind the seam. Opens connections and knows what all of them share: the options, the
/// random, and the size limit a broker named. The client library's own recovery is off: a lost connection
/// stays lost.
/// </summary>
public sealed class RabbitTransport : ITransport
{
    // What RabbitMQ can be configured to at most: a message that the broker has must not end the connection.
    private const uint MaxInboundBytes = 512 * 1024 * 1024;

    private readonly RabbitOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private long _learntLimit = long.MaxValue;

    /// <param name="options">Where the broker is.</param>
    /// <param name="timeProvider">For every deadline.</param>
    /// <param name="loggerFactory">For the few lines that no listener is told.</param>
    /// <param name="random">For the order of the endpoints and new ids; null: seeded by the system.</param>
    public RabbitTransport(
        RabbitOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        (_options, _clock, _random) = (options, timeProvider, random ?? new Random());
        _logger = loggerFactory.CreateLogger("JobSystem.RabbitMq");
    }

    public string Description => _options.ToString();

    /// <inheritdoc/>
    public async Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener)
    {
        var failures = new List<TransportFailure>();
        foreach (var endpoint in InRandomOrder())
        {
            try
            {
                var link = await ConnectAsync(endpoint, name, listener).ConfigureAwait(false);
                Log.Connected(_logger, $"{endpoint}", link.Version, name);
                return new RabbitConnection(link, this);
            }
            catch (TransportException failed) when (failed.Failure.Kind == TransportFailureKind.Unreachable)
            {
                failures.Add(failed.Failure);
            }
        }

        throw new TransportException(
            failures[0] with { Text = string.Join(" ", failures.Select(each => each.Text)) });
    }

    /// <inheritdoc/>
    public IQueueWatch OpenWatch(Uri management) => new ManagementWatch(new ManagementApi(_options, management));

    internal long MaxBodyBytesOf(RabbitVersion version) =>
        Math.Min(_options.MaxBodyBytes ?? version.DefaultMaxBodyBytes, Interlocked.Read(ref _learntLimit));

    internal long SaidMaxBodyBytes =>
        Math.Min(_options.MaxBodyBytes ?? long.MaxValue, Interlocked.Read(ref _learntLimit));

    internal void LearnLimit(long bytes) => Interlocked.Exchange(ref _learntLimit, bytes);

    internal Random NewRandom()
    {
        lock (_gate)
        {
            return new Random(_random.Next());
        }
    }

    private RabbitEndpoint[] InRandomOrder()
    {
        var endpoints = _options.Endpoints.ToArray();
        lock (_gate)
        {
            _random.Shuffle(endpoints);
        }

        return endpoints;
    }

    private async Task<RabbitLink> ConnectAsync(
        RabbitEndpoint endpoint, string name, IConnectionListener listener)
    {
        RabbitSocket? socket = null;
        var certificates = _options.Tls is { } tls ? new RabbitCertificates(tls, endpoint.Host) : null;
        var tlsOptions = certificates?.ToOptions();
        var address = AddressOf(endpoint);
        var factory = NewFactory();
        factory.SocketFactory = family => socket =
            new RabbitSocket(
                new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, tlsOptions);
        var opening = OpenAsync();
        try
        {
            var client = await opening.WaitAsync(_options.ConnectTimeout, _clock).ConfigureAwait(false);
            var link = new RabbitLink(client, socket!, name, _options, _clock, _logger, listener);
            link.Listen();
            return link;
        }
        catch (Exception failed) when (RabbitFailures.IsOperating(failed))
        {
            socket?.Cut();
            CallDeadlines.Forget(opening);
            var failure = RabbitFailures.Of(failed, connecting: true);
            if (certificates?.ReasonOf(failed, socket?.ReceivedTimes > 0) is { } problem)
            {
                throw new TransportException(new(TransportFailureKind.AccessRefused, problem), failed);
            }

            throw new TransportException(failure.Kind == TransportFailureKind.Unreachable
                ? failure with { Text = $"No broker at {endpoint}: {failure.Text}" }
                : failure, failed);
        }

        async Task<IConnection> OpenAsync()
        {
            var client = await factory.CreateConnectionAsync([address], name).ConfigureAwait(false);

            // The library does not wait for the answer to connection.open: a channel shows if the virtual
            // host is there.
            var first = await client.CreateChannelAsync().ConfigureAwait(false);
            await first.DisposeAsync().ConfigureAwait(false);
            return client;
        }
    }

    private ConnectionFactory NewFactory() => new()
    {
        UserName = _options.User,
        Password = _options.Password,
        AuthMechanisms = _options.Tls is { ExternalLogin: true }
            ? [new ExternalMechanismFactory()] : ConnectionFactory.DefaultAuthMechanisms,
        VirtualHost = _options.VirtualHost,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = _options.Heartbeat,
        RequestedConnectionTimeout = _options.ConnectTimeout,
        HandshakeContinuationTimeout = _options.ConnectTimeout,

        // Ours come first; the library's own only ends what nobody waits for any more.
        ContinuationTimeout = _options.CallTimeout + TimeSpan.FromSeconds(1),
    };

    private AmqpTcpEndpoint AddressOf(RabbitEndpoint endpoint)
    {
        if (_options.Tls is { Verify: false })
        {
            Log.NotVerified(_logger, $"{endpoint}");
        }

        return new AmqpTcpEndpoint(
            endpoint.Host, endpoint.Port, new SslOption { Enabled = false }, MaxInboundBytes);
    }
}
