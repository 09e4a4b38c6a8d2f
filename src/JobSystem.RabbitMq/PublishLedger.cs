using JobSystem.Transports;
using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// What the broker said of each publish of one channel, told to the publisher's listener by the publisher's
/// numbers. Receives the channel's acks, nacks and returns from the library's reader, and new publishes from
/// the pump. Promises: a returned message is rejected, and its ack, which follows, confirms nothing.
/// </summary>
internal sealed class PublishLedger(Voice<IPublisherListener> voice)
{
    private readonly InFlight<RabbitRoute> _inFlight = new();
    private readonly Lock _gate = new();

    /// <summary>Before the message is written: its ack may come before the write returns.</summary>
    public void Add(ulong number, string id, RabbitRoute route)
    {
        lock (_gate)
        {
            _inFlight.Add(number, id, route);
        }
    }

    public Task OnAckAsync(object sender, BasicAckEventArgs ack)
    {
        lock (_gate)
        {
            if (_inFlight.Confirm(ack.DeliveryTag, ack.Multiple, out var number))
            {
                voice.Tell((number, ack.Multiple),
                    static (listener, word) => listener.OnConfirmed(word.number, word.Multiple));
            }
        }

        return Task.CompletedTask;
    }

    public Task OnNackAsync(object sender, BasicNackEventArgs nack)
    {
        lock (_gate)
        {
            foreach (var number in _inFlight.Refuse(nack.DeliveryTag, nack.Multiple))
            {
                Reject(number, "The broker refused it (nack): the queue is full, or could not store it.");
            }
        }

        return Task.CompletedTask;
    }

    public Task OnReturnAsync(object sender, BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            if (_inFlight.Return(
                returned.BasicProperties.MessageId,
                route => route.Goes(returned.Exchange, returned.RoutingKey),
                out var number,
                out var route))
            {
                // The queue was there and is gone: the next publish to it declares it again.
                route!.IsReady = false;
                Reject(number, $"The broker returned it ({returned.ReplyCode} {returned.ReplyText}): " +
                    $"there is no queue '{returned.RoutingKey}'.");
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>It was never sent, or it came back: the broker has not got it.</summary>
    public void Reject(ulong number, string reason) => voice.Tell(
        (number, reason), static (listener, word) => listener.OnRejected(word.number, word.reason));
}
