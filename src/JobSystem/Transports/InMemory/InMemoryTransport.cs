namespace JobSystem.Transports.InMemory;

/// <summary>
/// The transport to a broker in memory. Transports of one broker see the same queues, as processes do that
/// share a RabbitMQ.
/// </summary>
public sealed class InMemoryTransport(InMemoryBroker broker) : ITransport
{
    public InMemoryBroker Broker { get; } = broker;

    public string Description => "the broker in memory";

    public Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener) =>
        Broker.AskAsync<ITransportConnection>(() => Broker.Connect(name, listener));
}
