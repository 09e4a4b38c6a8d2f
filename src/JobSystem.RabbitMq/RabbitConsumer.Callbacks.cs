using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// What the client library's dispatcher calls, one call at a time, in the order of the wire; and what the
/// listener is told of it.
/// </summary>
internal sealed partial class RabbitConsumer : IAsyncBasicConsumer
{
    IChannel? IAsyncBasicConsumer.Channel => _channel;

    Task IAsyncBasicConsumer.HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            // The library takes its buffer back when this returns: one copy, of the exact size.
            var job = _reader.Read(properties, body.ToArray(), out var counted);
            _deliveries.Post(new Delivery(job, deliveryTag, redelivered, Losses(counted))
            {
                DelayLeft = _reader.DelayLeft,
                CanBeRejected = Queue.DeadLettersSafely,
            });
        }
#pragma warning disable CA1031 // whatever a message has in it: no delivery may stay that nobody knows of
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            OnListenerThrew(thrown);
        }

        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken)
    {
        Fail(new(TransportFailureKind.Cancelled, $"The broker cancelled the consumer of '{Queue.Name}'."));
        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken)
    {
        if (consumerTag == _tag)
        {
            _deliveries.Post(null);
        }

        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicConsumeOkAsync(
        string consumerTag, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    // The channel's own event tells it, also where there are deliveries still to be told before.
    Task IAsyncBasicConsumer.HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) =>
        Task.CompletedTask;

    private ValueTask TellAsync(Delivery? delivery)
    {
        if (delivery is null)
        {
            _cancelled.TrySetResult();
        }
        else
        {
            _listener.OnDelivery(delivery);
        }

        return default;
    }

    private void OnListenerThrew(Exception thrown)
    {
        Log.ListenerThrew(_link.Logger, thrown);
        Fail(new(TransportFailureKind.Lost, $"A delivery could not be told: {thrown.Message}"));
    }

    private int? Losses(long? counted) =>
        counted is { } count ? (int)Math.Min(count, int.MaxValue) : _isQuorum ? 0 : null;
}
