using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// Consumes one queue on one channel. Receives deliveries from the client library's dispatcher, which a loop
/// tells the listener, and last, once, that the channel closed; and settles from its owner, which the library
/// writes in their order. A cancel by the broker ends the channel too: this library cannot answer it, and the
/// broker would keep a consumer that takes nothing.
/// </summary>
internal sealed partial class RabbitConsumer : IConsumerChannel
{
    // A channel of the broker passes on about 32 settles of a quorum queue and keeps the rest until the queue
    // has answered; a channel that is closed meanwhile forgets them, and finished jobs come again.
    private const int SettlesWithoutFence = 16;

    private static readonly TimeSpan _fence = TimeSpan.FromMilliseconds(250);

    private readonly RabbitLink _link;
    private readonly IChannel _channel;
    private readonly IConsumerListener _listener;

    // Null: the consumer was cancelled, and nothing comes behind it.
    private readonly SerialLoop<Delivery?> _deliveries;

    private readonly MessageReader _reader;
    private readonly bool _isQuorum;
    private readonly TaskCompletionSource _cancelled = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<Task<string>> _beside = new();
    private string _tag = "";
    private bool _cancelling;
    private volatile bool _stopped;
    private int _settlesSinceFence;

    private RabbitConsumer(
        RabbitLink link, IChannel channel, QueueInfo queue, MessageReader reader, IConsumerListener listener)
    {
        (_link, _channel, Queue, _reader, _listener) = (link, channel, queue, reader, listener);
        _isQuorum = queue.Kind == "quorum";
        _deliveries = new(TellAsync, OnListenerThrew);
    }

    public QueueInfo Queue { get; }

    public static async Task<RabbitConsumer> OpenAsync(
        RabbitLink link, ConsumerSettings settings, QueueInfo queue, MessageReader reader,
        IConsumerListener listener)
    {
        var channel = await link.OpenChannelAsync().ConfigureAwait(false);
        var consumer = new RabbitConsumer(link, channel, queue, reader, listener);
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
            _ = consumer._deliveries.StopAsync();
            RabbitLink.Discard(channel);
            throw;
        }

        channel.ChannelShutdownAsync += consumer.OnShutdownAsync;
        return consumer;
    }

    public void Ack(ulong tag, bool multiple) => Settle(How.Ack, tag, multiple);

    public void Requeue(ulong tag) => Settle(How.Requeue, tag, multiple: false);

    public void Reject(ulong tag) => Settle(How.Reject, tag, multiple: false);

    /// <summary>
    /// A second consumer of the same channel with a prefetch of one: a prefetch counts for one consumer, and cannot be
    /// changed while it consumes.
    /// </summary>
    public void Widen()
    {
        if (_channel.IsOpen && !_cancelling)
        {
            _beside.Push(ConsumeBesideAsync());
        }
    }

    public void Narrow()
    {
        if (_beside.TryPop(out var beside))
        {
            CallDeadlines.Forget(CancelBesideAsync(beside));
        }
    }

    public async Task CancelAsync()
    {
        _settlesSinceFence = 0;
        _cancelling = true;
        var besides = _beside.ToArray();
        _beside.Clear();
        try
        {
            foreach (var beside in besides)
            {
                await CancelBesideAsync(beside).ConfigureAwait(false);
            }

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
        await _link.Deadlines.NoLongerThanAsync(_deliveries.StopAsync()).ConfigureAwait(false);
        await FenceAsync().ConfigureAwait(false);
        await _link.CloseAsync(_channel).ConfigureAwait(false);
    }

    private async Task<string> ConsumeBesideAsync()
    {
        try
        {
            await _link.Deadlines.CallAsync(_channel.BasicQosAsync(0, 1, global: false), "basic.qos")
                .ConfigureAwait(false);
            return await _link.Deadlines.CallAsync(
                _channel.BasicConsumeAsync(
                    Queue.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
                    RabbitTopology.ConsumerArguments(_link.Version, Queue.Kind), this),
                "basic.consume").ConfigureAwait(false);
        }
        catch (TransportException failed)
        {
            Fail(failed.Failure);
            throw;
        }
    }

    private async Task CancelBesideAsync(Task<string> beside) => await _link.Deadlines.CallAsync(
        _channel.BasicCancelAsync(await beside.ConfigureAwait(false)), "basic.cancel").ConfigureAwait(false);

    private enum How
    {
        Ack,
        Requeue,
        Reject,
    }

    private static ushort Prefetch(ConsumerSettings settings) =>
        (ushort)Math.Clamp(settings.Prefetch, 1, ushort.MaxValue);

    /// <summary>
    /// Frames leave in the order of these calls; where the socket takes no more, the library lets them wait.
    /// </summary>
    private void Settle(How how, ulong tag, bool multiple)
    {
        if (!_channel.IsOpen)
        {
            return;
        }

        _settlesSinceFence++;
        try
        {
            var write = how == How.Ack
                ? _channel.BasicAckAsync(tag, multiple)
                : _channel.BasicNackAsync(tag, multiple, requeue: how == How.Requeue);
            if (!write.IsCompletedSuccessfully)
            {
                _ = WaitAsync(write);
            }
        }
        catch (Exception error) when (RabbitFailures.IsOperating(error))
        {
            Fail(RabbitFailures.Of(error));
        }
    }

    private async Task WaitAsync(ValueTask write)
    {
        try
        {
            await _link.WriteAsync(write).ConfigureAwait(false);
        }
        catch (TransportException error)
        {
            Fail(error.Failure);
        }
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
        if (_deliveries.End(() => _listener.OnClosed(failure)))
        {
            _cancelled.TrySetException(new TransportException(failure));
            CallDeadlines.Forget(_cancelled.Task);
            RabbitLink.Discard(_channel);
        }
    }
}
