using JobSystem.Transports;

namespace JobSystem.Benchmarks.Brokers;

/// <summary>Takes jobs at the seam and acks each as soon as it is delivered. Completes when it has had so many.
/// </summary>
internal sealed class SeamConsumer(int jobs) : IConsumerListener
{
    private readonly TaskCompletionSource<IConsumerChannel> _channel = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = jobs;

    /// <summary>Called for each delivery.</summary>
    public Action? Delivered { get; init; }

    public Task Done => _done.Task;

    public async Task<IConsumerChannel> OpenAsync(ITransportConnection connection, string queue, int prefetch)
    {
        var channel = await connection.ConsumeAsync(new ConsumerSettings(queue, Lane.Work, prefetch), this);
        _channel.SetResult(channel);
        return channel;
    }

    public void OnDelivery(Delivery delivery)
    {
        _channel.Task.Result.Ack(delivery.Tag, multiple: false);
        Delivered?.Invoke();
        if (--_left == 0)
        {
            _done.SetResult();
        }
    }

    public void OnClosed(TransportFailure failure) => _done.TrySetException(new IOException(failure.Text));
}
