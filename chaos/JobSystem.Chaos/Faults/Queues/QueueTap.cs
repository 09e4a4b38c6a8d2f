using System.Threading.Channels;
using JobSystem.Chaos.Systems;
using RabbitMQ.Client;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// A consumer that keeps of each message its tag and whose job it is, in the order of their coming. Bounded by the
/// prefetch of its channel.
/// </summary>
internal sealed class QueueTap(IChannel channel) : AsyncDefaultBasicConsumer(channel)
{
    private readonly Channel<TappedMessage> _came = System.Threading.Channels.Channel.CreateUnbounded<TappedMessage>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes when it is cancelled and all that came before has been kept: by us, or by the broker, whose queue has
    /// gone.
    /// </summary>
    public Task Ended => _ended.Task;

    public override Task HandleBasicDeliverAsync(
        string consumerTag,
        ulong deliveryTag,
        bool redelivered,
        string exchange,
        string routingKey,
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        _came.Writer.TryWrite(new TappedMessage(
            deliveryTag, JobBody.TryGetJob(body.Span, out var job) ? job : null));
        return Task.CompletedTask;
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _ended.TrySetResult();
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _ended.TrySetResult();
        return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
    }

    public bool TryNext(out TappedMessage message) => _came.Reader.TryRead(out message);

    /// <summary>Waits a while for one to come; false: none did.</summary>
    public async Task<bool> ComesAsync(TimeSpan within, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return await _came.Reader.WaitToReadAsync(cancel).AsTask().WaitAsync(within, clock, cancel);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

/// <param name="Tag">To ack it by.</param>
/// <param name="Job">Null: it is nobody's of a run.</param>
internal readonly record struct TappedMessage(ulong Tag, JobId? Job);
