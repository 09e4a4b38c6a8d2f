using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// Takes messages one by one on a channel of its own. What is not acked goes back when it is disposed of.
/// A requeue counts as a delivery, and a queue with a delivery limit drops or dead-letters what came back too often.
/// Where a limit cannot be excluded, a message goes back as a copy of it (<see cref="PutBack"/>), which the broker
/// confirms before the original is acked: looking never loses one.
/// </summary>
internal sealed class RabbitPull(RabbitLink link, IChannel channel, RabbitQueues queues, MessageReader reader)
    : IPullChannel
{
    private readonly PutBack _putBack = new(link);
    private readonly Dictionary<string, bool> _mayLimit = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ulong, TakenMessage> _taken = [];

    public async Task<Delivery?> GetAsync(string queueName)
    {
        var mayLimit = await MayLimitAsync(queueName).ConfigureAwait(false);
        if (mayLimit)
        {
            // Before anything is taken: what cannot be put back must not be looked at.
            await _putBack.EnsureAsync(queueName).ConfigureAwait(false);
        }

        var got = await link.Deadlines.CallAsync(
            channel.BasicGetAsync(queueName, autoAck: false), "basic.get")
            .ConfigureAwait(false);
        if (got is null)
        {
            return null;
        }

        var body = got.Body.ToArray();
        if (mayLimit)
        {
            _taken.Add(got.DeliveryTag, new TakenMessage(queueName, got.BasicProperties, body));
        }

        var job = reader.Read(got.BasicProperties, body, out var counted);
        return new Delivery(
            job, got.DeliveryTag, got.Redelivered, counted is { } count ? (int)Math.Min(count, int.MaxValue) : null)
        {
            DelayLeft = reader.DelayLeft,
        };
    }

    public Task AckAsync(ulong tag)
    {
        _taken.Remove(tag);
        return link.WriteAsync(channel.BasicAckAsync(tag, multiple: false));
    }

    public async Task PutBackAsync(ulong tag)
    {
        if (_taken.TryGetValue(tag, out var message))
        {
            await _putBack.PublishAsync(message).ConfigureAwait(false);
            await AckAsync(tag).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The broker has seen every ack when this ends: closing a channel is a call with an answer.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var tag in _taken.Keys.ToList())
            {
                await PutBackAsync(tag).ConfigureAwait(false);
            }

            await RequeueAsync().ConfigureAwait(false);
        }
        finally
        {
            await link.CloseAsync(channel).ConfigureAwait(false);
            await _putBack.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>From 4.3 on a requeue counts for nothing, and a channel that is closed does.</summary>
    private async Task RequeueAsync()
    {
        if (channel.IsOpen)
        {
            await link.WriteAsync(channel.BasicNackAsync(0, multiple: true, requeue: true)).ConfigureAwait(false);
        }
    }

    private async Task<bool> MayLimitAsync(string queueName)
    {
        if (!_mayLimit.TryGetValue(queueName, out var mayLimit))
        {
            var properties = await queues.PropertiesOfAsync(queueName).ConfigureAwait(false);
            _mayLimit[queueName] = mayLimit = properties is not { NeverLimitsDeliveries: true };
        }

        return mayLimit;
    }
}
