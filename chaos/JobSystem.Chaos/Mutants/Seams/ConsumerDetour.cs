using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>
/// A consumer channel and its listener, between the engine and the broker: everything goes through; a mutant overrides
/// what it breaks. Calls to the broker are one at a time, and wait until there is a channel.
/// </summary>
internal class ConsumerDetour : IConsumerChannel, IConsumerListener
{
    private readonly Lock _gate = new();
    private readonly Queue<Action<IConsumerChannel>> _early = [];
    private IConsumerChannel? _broker;

    public QueueInfo Queue => _broker!.Queue;

    protected IConsumerListener Engine { get; private set; } = null!;

    public async Task<IConsumerChannel> OpenAsync(
        IConsumerListener engine, Func<IConsumerListener, Task<IConsumerChannel>> open)
    {
        Engine = engine;
        var broker = await open(this);
        lock (_gate)
        {
            _broker = broker;
            while (_early.TryDequeue(out var call))
            {
                call(broker);
            }
        }

        return this;
    }

    public virtual void OnDelivery(Delivery delivery) => Engine.OnDelivery(delivery);

    public virtual void OnClosed(TransportFailure failure) => Engine.OnClosed(failure);

    public virtual void Ack(ulong tag, bool multiple) => AtBroker(broker => broker.Ack(tag, multiple));

    public virtual void Requeue(ulong tag) => AtBroker(broker => broker.Requeue(tag));

    public virtual Task CancelAsync() => _broker!.CancelAsync();

    public virtual ValueTask DisposeAsync() => _broker!.DisposeAsync();

    /// <summary>At once, or when the channel is there: deliveries may come before.</summary>
    public void AtBroker(Action<IConsumerChannel> call)
    {
        lock (_gate)
        {
            if (_broker is null)
            {
                _early.Enqueue(call);
            }
            else
            {
                call(_broker);
            }
        }
    }
}
