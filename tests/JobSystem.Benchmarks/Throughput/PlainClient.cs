using JobSystem.Benchmarks.Measuring;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>
/// RabbitMQ.Client as its documentation uses it: confirms tracked by the library, one connection, a channel to
/// publish and one to consume. Acks each message, or a quarter of the prefetch at a time.
/// </summary>
internal sealed class PlainClient(bool batches) : Contender(
    batches ? "plain-batches" : "plain", batches ? "plain client, acks in batches" : "plain client, acks each")
{
    public override async Task<Usage> RunAsync(Load load, Ground ground)
    {
        var race = new Race(load, ground.Gauge, ground.Bench.Cancel);
        var factory = new ConnectionFactory { Uri = ground.Broker.Uri, AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var consuming = await connection.CreateChannelAsync();
        await using var publishing = await connection.CreateChannelAsync(NoLimitOfItsOwn);
        var queue = ground.Broker.NewQueue();
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = $"{load.Kind}".ToLowerInvariant() };
        await consuming.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
        await consuming.BasicQosAsync(0, (ushort)load.Slots, false);
        var consumer = new AsyncEventingBasicConsumer(consuming);
        var batch = batches ? Math.Max(1, load.Slots / 4) : 1;
        consumer.ReceivedAsync += async (_, delivered) =>
        {
            var handled = race.Handled();
            if (handled % batch == 0 || handled == load.Jobs)
            {
                await consuming.BasicAckAsync(delivered.DeliveryTag, multiple: batches);
            }
        };
        await consuming.BasicConsumeAsync(queue, autoAck: false, consumer);
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
        var usage = await race.RunAsync(
            () => publishing.BasicPublishAsync("", queue, true, properties, race.Body).AsTask());
        await ground.Broker.DeleteAsync(queue);
        return usage;
    }

    // The race bounds what is in flight, for everybody alike.
    private static CreateChannelOptions NoLimitOfItsOwn => new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
        outstandingPublisherConfirmationsRateLimiter: null);
}
