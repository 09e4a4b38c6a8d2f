using JobSystem.Transports;

namespace JobSystem.Testing.Probes;

/// <summary>Listens to a consumer channel, notes everything and settles nothing by itself.</summary>
public sealed class ProbeConsumer(string name = "consumer") : IConsumerListener
{
    private readonly CallRules _rules = new(name);
    private int _taken;

    public Sightings<Delivery> Deliveries { get; } = new(name);

    public Sightings<TransportFailure> Closed { get; } = new(name);

    /// <summary>Called inside each delivery, before it is noted.</summary>
    public Action<Delivery>? Inside { get; init; }

    /// <summary>The next delivery that was not taken yet.</summary>
    public Task<Delivery> NextAsync(string awaited = "a delivery") =>
        Deliveries.NumberAsync(++_taken, awaited);

    /// <summary>The next deliveries that were not taken yet.</summary>
    public async Task<IReadOnlyList<Delivery>> NextAsync(int count)
    {
        _taken += count;
        await Deliveries.CountAsync(_taken, $"{count} more deliveries");
        return [.. Deliveries.All.Skip(_taken - count).Take(count)];
    }

    public Task<TransportFailure> ClosedAsync() => Closed.NumberAsync(1, "the end of its channel");

    /// <summary>Fails where the transport broke a rule of listeners.</summary>
    public void Verify() => _rules.Verify();

    void IConsumerListener.OnDelivery(Delivery delivery) => _rules.Call("OnDelivery", () =>
    {
        Inside?.Invoke(delivery);
        Deliveries.Add(delivery);
    });

    void IConsumerListener.OnClosed(TransportFailure failure) =>
        _rules.Call("OnClosed", () => Closed.Add(failure), isLast: true);
}
