using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// Takes messages one by one on a channel of its own. What is not acked goes back when it is disposed of.
/// </summary>
internal sealed class RabbitPull(RabbitLink link, IChannel channel, MessageReader reader) : IPullChannel
{
    public async Task<Delivery?> GetAsync(string queueName)
    {
        var got = await link.Deadlines.CallAsync(
            channel.BasicGetAsync(queueName, autoAck: false), "basic.get")
            .ConfigureAwait(false);
        if (got is null)
        {
            return null;
        }

        var job = reader.Read(got.BasicProperties, got.Body.ToArray(), out var counted);
        return new Delivery(
            job, got.DeliveryTag, got.Redelivered, counted is { } count ? (int)Math.Min(count, int.MaxValue) : null)
        {
            DelayLeft = reader.DelayLeft,
        };
    }

    public Task AckAsync(ulong tag) => link.WriteAsync(channel.BasicAckAsync(tag, multiple: false));

    /// <summary>
    /// The broker has seen every ack when this ends: closing a channel is a call with an answer.
    /// </summary>
    public async ValueTask DisposeAsync() => await link.CloseAsync(channel).ConfigureAwait(false);
}
