// What the tests of this folder work with on one broker: our transport, and the plain client as somebody
// else. Owns every connection that it opened; its queues end with the virtual host.
using System.Text;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Tests.Transports;

public sealed class RabbitBench : IAsyncDisposable
{
    private readonly Random _random = new();
    private readonly List<IAsyncDisposable> _open = [];

    private RabbitBench(VirtualHost host, string options) =>
        (Host, Transport) = (host, new RabbitTransport(
            RabbitOptions.Parse(host.Uri + options), TimeProvider.System, NullLoggerFactory.Instance));

    public VirtualHost Host { get; }

    public BrokerUnderTest Broker => Host.Broker;

    public RabbitTransport Transport { get; }

    public static async Task<RabbitBench> OnAsync(VirtualHosts hosts, string kind, string options = "") =>
        new(await hosts.OnAsync(kind), options);

    public async Task<ITransportConnection> ConnectAsync(ProbeConnection? listener = null)
    {
        var connection = await Transport.ConnectAsync("test", listener ?? new ProbeConnection());
        _open.Add(connection);
        return connection;
    }

    public async Task<(IConsumerChannel Channel, ProbeConsumer Probe)> ConsumeAsync(
        ITransportConnection connection, string queue, int prefetch = 10)
    {
        var probe = new ProbeConsumer();
        var channel = await connection.ConsumeAsync(new ConsumerSettings(queue, Lane.Work, prefetch), probe);
        _open.Add(channel);
        return (channel, probe);
    }

    public async Task<(IPublisherChannel Channel, ProbePublisher Probe)> OpenPublisherAsync(
        ITransportConnection connection)
    {
        var probe = new ProbePublisher();
        var channel = await connection.OpenPublisherAsync(probe);
        _open.Add(channel);
        return (channel, probe);
    }

    public async Task PublishAsync(
        ITransportConnection connection, Destination destination, params Job[] jobs)
    {
        var (channel, probe) = await OpenPublisherAsync(connection);
        for (var index = 0; index < jobs.Length; index++)
        {
            channel.Publish((ulong)index + 1, jobs[index], destination);
        }

        await probe.ConfirmedAsync(jobs.Length);
    }

    /// <summary>Somebody else's channel.</summary>
    public async Task<IChannel> ForeignChannelAsync()
    {
        var factory = new ConnectionFactory { Uri = Host.Uri, AutomaticRecoveryEnabled = false };
        var connection = await factory.CreateConnectionAsync();
        _open.Add(connection);
        return await connection.CreateChannelAsync();
    }

    public Job NewJob(string body = "payload") => new()
    {
        Id = JobId.New(TimeProvider.System.GetUtcNow(), _random),
        Origin = JobOrigin.Ours,
        Body = Encoding.UTF8.GetBytes(body),
    };

    public static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Job.Body.Span);

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_open))
        {
            await opened.DisposeAsync();
        }
    }
}
