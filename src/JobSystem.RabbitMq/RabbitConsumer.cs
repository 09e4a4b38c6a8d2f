using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// Consumes one queue on one channel. Receives deliveries from the client library's dispatcher and settles from its
/// owner, which a pump writes in order. Tells its listener one thing at a time, and last, once,
/// that it closed. A cancel by the broker ends the channel too: this client cannot answer it, and the broker would
/// keep a consumer that takes nothing.
/// </summary>
internal sealed class RabbitConsumer : IConsumerChannel, IAsyncBasicConsumer
{
    // A channel of the broker passes on about 32 settles of a quorum queue and keeps the rest until the queue has
    // answered; a channel that is closed meanwhile forgets them, and finished jobs come again.
    private const int SettlesWithoutFence = 16;

    private static readonly TimeSpan _fence = TimeSpan.FromMilliseconds(250);

    private readonly RabbitLink _link;
    private readonly IChannel _channel;
    private readonly IConsumerListener _listener;
    private readonly MessageReader _reader;
    private readonly bool _isQuorum;
    private readonly WritePump<Settle> _settles;
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private string _tag = "";
    private bool _silent;
    private bool _stopped;
    private int _settlesSinceFence;

    private RabbitConsumer(
        RabbitLink link, IChannel channel, ConsumerSettings settings, QueueInfo queue, MessageReader reader,
        IConsumerListener listener)
    {
        (_link, _channel, Queue, _reader, _listener) = (link, channel, queue, reader, listener);
        _isQuorum = queue.Kind == "quorum";

        // No more settles than deliveries that are unsettled at the broker: a full pump is a mistake of the owner.
        _settles = new(WriteAsync, settle => settle, error => Fail(RabbitFailures.Of(error)), Prefetch(settings) + 1);
    }

    public QueueInfo Queue { get; }

    IChannel? IAsyncBasicConsumer.Channel => _channel;

    public static async Task<RabbitConsumer> OpenAsync(
        RabbitLink link, ConsumerSettings settings, QueueInfo queue, MessageReader reader, IConsumerListener listener)
    {
        var channel = await link.OpenChannelAsync().ConfigureAwait(false);
        var consumer = new RabbitConsumer(link, channel, settings, queue, reader, listener);
        try
        {
            await link.CallAsync(channel.BasicQosAsync(0, Prefetch(settings), global: false), "basic.qos")
                .ConfigureAwait(false);
            consumer._tag = await link.CallAsync(channel.BasicConsumeAsync(
                queue.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
                RabbitTopology.ConsumerArguments(link.Version, queue.Kind), consumer), "basic.consume").ConfigureAwait(false);
        }
        catch (TransportException)
        {
            consumer.Silence();
            RabbitLink.Discard(channel);
            throw;
        }

        consumer.Start();
        return consumer;
    }

    public void Ack(ulong tag, bool multiple) => Post(new Settle(tag, multiple, Requeue: false));

    public void Requeue(ulong tag) => Post(new Settle(tag, Multiple: false, Requeue: true));

    public async Task CancelAsync()
    {
        _settlesSinceFence = 0;
        try
        {
            await _link.CallAsync(_channel.BasicCancelAsync(_tag), "basic.cancel").ConfigureAwait(false);

            // The answer comes through the dispatcher, behind the deliveries that were there before it.
            await _link.CallAsync(_cancelled.Task, "basic.cancel").ConfigureAwait(false);
        }
        catch (TransportException failed)
        {
            Fail(failed.Failure);
        }

        lock (_gate)
        {
            _stopped = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Silence();
        await _link.NoLongerThanAsync(_settles.EndAsync()).ConfigureAwait(false);
        await FenceAsync().ConfigureAwait(false);
        await _link.CloseAsync(_channel).ConfigureAwait(false);
    }

    Task IAsyncBasicConsumer.HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            var job = _reader.Read(properties, body.ToArray(), out var counted);
            var delivery = new Delivery(job, deliveryTag, redelivered, Losses(counted));
            lock (_gate)
            {
                if (!_silent && !_stopped)
                {
                    _listener.OnDelivery(delivery);
                }
            }
        }
#pragma warning disable CA1031 // a listener that throws must not leave a delivery that nobody knows of
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            Log.ListenerThrew(_link.Logger, thrown);
            Fail(new TransportFailure(TransportFailureKind.Lost, $"A delivery could not be told: {thrown.Message}"));
        }

        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken)
    {
        Fail(new TransportFailure(
            TransportFailureKind.Cancelled, $"The broker cancelled the consumer of the queue '{Queue.Name}'."));
        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken)
    {
        _cancelled.TrySetResult();
        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    Task IAsyncBasicConsumer.HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => Task.CompletedTask;

    private static ushort Prefetch(ConsumerSettings settings) =>
        (ushort)Math.Clamp(settings.Prefetch, 1, ushort.MaxValue);

    private int? Losses(long? counted) =>
        counted is { } count ? (int)Math.Min(count, int.MaxValue) : _isQuorum ? 0 : null;

    private void Start() => _channel.ChannelShutdownAsync += (_, reason) =>
    {
        Fail(RabbitFailures.Of(reason));
        return Task.CompletedTask;
    };

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
    /// Waits until the queue has seen our settles. A cancel tells when: it goes through the queue's log behind them.
    /// A consumer that was cancelled before has nothing that would tell, so there it is a short while.
    /// </summary>
    private async Task FenceAsync()
    {
        if (_settlesSinceFence <= SettlesWithoutFence || !_channel.IsOpen)
        {
            return;
        }

        await _link.NoLongerThanAsync(_stopped
            ? Task.Delay(_fence, _link.Clock)
            : _channel.BasicCancelAsync(_tag)).ConfigureAwait(false);
    }

    private void Silence()
    {
        lock (_gate)
        {
            _silent = true;
        }
    }

    private void Fail(TransportFailure failure)
    {
        lock (_gate)
        {
            if (_silent)
            {
                return;
            }

            _silent = true;
            _listener.OnClosed(failure);
        }

        _settles.Abort();
        _cancelled.TrySetException(new TransportException(failure));
        RabbitLink.Discard(_channel);
    }

    private readonly record struct Settle(ulong Tag, bool Multiple, bool Requeue);
}
