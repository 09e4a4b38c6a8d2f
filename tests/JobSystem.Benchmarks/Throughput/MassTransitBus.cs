using JobSystem.Benchmarks.Measuring;
using JobSystem.Transports;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>A job of MassTransit: it travels in MassTransit's own envelope of JSON, as it does by default.</summary>
/// <param name="Payload">Text of as many bytes as the others' payload has.</param>
public sealed record MassTransitJob(string Payload);

/// <summary>
/// MassTransit with the same prefetch and concurrency, publisher confirms, a durable queue of the same kind, sent
/// straight to the queue; no log.
/// </summary>
internal sealed class MassTransitBus() : Contender("masstransit", "MassTransit 8.5.12")
{
    public override async Task<Usage> RunAsync(Load load, Ground ground)
    {
        LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
        var race = new Race(load, ground.Gauge, ground.Bench.Cancel);
        var queue = ground.Broker.NewQueue();
        var bus = Bus.Factory.CreateUsingRabbitMq(
            configure => Configure(configure, load, ground.Broker.Uri, queue, race));
        await bus.StartAsync(ground.Bench.Cancel);
        try
        {
            // To the endpoint's exchange: sending to "queue:..." would declare the queue again, as a classic one.
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
            var job = new MassTransitJob(new string('x', load.PayloadBytes));
            return await race.RunAsync(() => endpoint.Send(job));
        }
        finally
        {
            await bus.StopAsync(TimeSpan.FromSeconds(10));
            await RemoveAsync(ground, queue);
        }
    }

    private static void Configure(
        IRabbitMqBusFactoryConfigurator configure, Load load, Uri broker, string queue, Race race)
    {
        var user = broker.UserInfo.Split(':');
        var space = Uri.UnescapeDataString(broker.AbsolutePath.TrimStart('/'));
        configure.Host(broker.Host, (ushort)broker.Port, space.Length > 0 ? space : "/", host =>
        {
            host.Username(Uri.UnescapeDataString(user[0]));
            host.Password(Uri.UnescapeDataString(user[^1]));
            host.PublisherConfirmation = true;
        });
        configure.ReceiveEndpoint(queue, endpoint =>
        {
            if (load.Kind == QueueKind.Quorum)
            {
                endpoint.SetQuorumQueue();
            }

            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = load.Slots;
            endpoint.ConcurrentMessageLimit = load.Slots;
            endpoint.Handler<MassTransitJob>(_ =>
            {
                race.Handled();
                return Task.CompletedTask;
            });
        });
    }

    // Its queue has an exchange of the same name.
    private static async Task RemoveAsync(Ground ground, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = ground.Broker.Uri }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeleteAsync(queue);
        await ground.Broker.DeleteAsync(queue);
    }
}
