using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// Consumes one queue on one channel. Receives deliveries from the client library's dispatcher, and settles
/// from its owner, which a pump writes in order. Tells its listener one thing at a time, and last, once, that
/// it closed. A cancel by the broker ends the channel too: this library cannot answer it, and the broker
/// would keep a consumer that takes nothing.
/// </summary>
internal sealed partial class RabbitConsumer : IConsumerChannel
{
    // A channel of the broker passes on about 32 settles of a quorum queue and keeps the rest until the queue
    // has answered; a channel that is closed meanwhile forgets them, and finished jobs come again.
    private const int SettlesWithoutFence = 16;

    private static readonly TimeSpan _fence = TimeSpan.FromMilliseconds(250);

    private readonly RabbitLink _link;
    private readonly IChannel _channel;
    private readonly Voice<IConsumerListener> _voice;
    private readonly MessageReader _reader;
    private readonly bool _isQuorum;
    private readonly WritePump<Settle> _settles;
    private readonly TaskCompletionSource _cancelled = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private string _tag = "";
    private volatile bool _stopped;
    private int _settlesSinceFence;

    private RabbitConsumer(
        RabbitLink link, IChannel channel, ConsumerSettings settings, QueueInfo queue, MessageReader reader,
        IConsumerListener listener)
    {
        (_link, _channel, Queue, _reader, _voice) = (link, channel, queue, reader, new(listener));
        _isQuorum = queue.Kind == "quorum";

        // No more settles than deliveries that are unsettled at the broker: more is a mistake of the owner.
        _settles = new(
            WriteAsync, settle => settle, error => Fail(RabbitFailures.Of(error)), Prefetch(settings) + 1);
    }

    public QueueInfo Queue { get; }

    public static async Task<RabbitConsumer> OpenAsync(
        RabbitLink link, ConsumerSettings settings, QueueInfo queue, MessageReader reader,
        IConsumerListener listener)
    {
        var channel = await link.OpenChannelAsync().ConfigureAwait(false);
        var consumer = new RabbitConsumer(link, channel, settings, queue, reader, listener);
        try
        {
            await link.Deadlines.CallAsync(
                channel.BasicQosAsync(0, Prefetch(settings), global: false), "basic.qos")
                    .ConfigureAwait(false);
            consumer._tag = await link.Deadlines.CallAsync(
                channel.BasicConsumeAsync(
                    queue.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
                    RabbitTopology.ConsumerArguments(link.Version, queue.Kind), consumer),
                "basic.consume").ConfigureAwait(false);
        }
        catch (TransportException)
        {
            consumer._voice.Silence();
            RabbitLink.Discard(channel);
            throw;
        }

        channel.ChannelShutdownAsync += consumer.OnShutdownAsync;
        return consumer;
    }

    public void Ack(ulong tag, bool multiple) => Post(new Settle(tag, multiple, Requeue: false));

    public void Requeue(ulong tag) => Post(new Settle(tag, Multiple: false, Requeue: true));

    public async Task CancelAsync()
    {
        _settlesSinceFence = 0;
        try
        {
            await _link.Deadlines.CallAsync(_channel.BasicCancelAsync(_tag), "basic.cancel")
                .ConfigureAwait(false);

            // The answer comes through the dispatcher, behind the deliveries that were there before it.
            await _link.Deadlines.CallAsync(_cancelled.Task, "basic.cancel").ConfigureAwait(false);
        }
        catch (TransportException failed)
        {
            Fail(failed.Failure);
        }

        _stopped = true;
    }

    public async ValueTask DisposeAsync()
    {
        _voice.Silence();
        await _link.Deadlines.NoLongerThanAsync(_settles.EndAsync()).ConfigureAwait(false);
        await FenceAsync().ConfigureAwait(false);
        await _link.CloseAsync(_channel).ConfigureAwait(false);
    }

    private static ushort Prefetch(ConsumerSettings settings) =>
        (ushort)Math.Clamp(settings.Prefetch, 1, ushort.MaxValue);

    private void Post(Settle settle)
    {
        if (!_settles.TryPost(settle))
        {
            Fail(new TransportFailure(TransportFailureKind.Lost, "More was settled than was delivered."));
        }
    }

    private ValueTask WriteAsync(Settle settle)
    {
        _settlesSinceFence++;
        var write = settle.Requeue
            ? _channel.BasicNackAsync(settle.Tag, multiple: false, requeue: true)
            : _channel.BasicAckAsync(settle.Tag, settle.Multiple);
        return write.IsCompletedSuccessfully ? default : new ValueTask(_link.WriteAsync(write));
    }

    /// <summary>
    /// Waits until the queue has seen our settles. A cancel tells when: it goes through the queue's log
    /// behind them. A consumer that was cancelled before has nothing that would tell, so there it is a short
    /// while.
    /// </summary>
    private async Task FenceAsync()
    {
        if (_settlesSinceFence > SettlesWithoutFence && _channel.IsOpen)
        {
            await _link.Deadlines.NoLongerThanAsync(_stopped
                ? Task.Delay(_fence, _link.Clock)
                : _channel.BasicCancelAsync(_tag)).ConfigureAwait(false);
        }
    }

    private Task OnShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        Fail(RabbitFailures.Of(reason));
        return Task.CompletedTask;
    }

    private void Fail(TransportFailure failure)
    {
        if (_voice.End(failure, static (listener, failure) => listener.OnClosed(failure)))
        {
            _settles.Abort();
            _cancelled.TrySetException(new TransportException(failure));
            CallDeadlines.Forget(_cancelled.Task);
            RabbitLink.Discard(_channel);
        }
    }

    private readonly record struct Settle(ulong Tag, bool Multiple, bool Requeue);
}
