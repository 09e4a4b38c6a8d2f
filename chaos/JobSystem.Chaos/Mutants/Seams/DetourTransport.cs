using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>
/// A transport that passes everything on, except where a mutant's detour stands in the way of a channel.
/// </summary>
/// <param name="transport">Where it goes on.</param>
/// <param name="consumer">Makes the detour of a consumer channel; null: none.</param>
/// <param name="publisher">Makes the detour of a publisher channel; null: none.</param>
internal sealed class DetourTransport(
    ITransport transport,
    Func<ConsumerSettings, ConsumerDetour>? consumer = null,
    Func<PublisherDetour>? publisher = null) : ITransport
{
    public string Description => transport.Description;

    public async Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener) =>
        new Connection(await transport.ConnectAsync(name, listener), consumer, publisher);

    private sealed class Connection(
        ITransportConnection inner, Func<ConsumerSettings, ConsumerDetour>? consumer, Func<PublisherDetour>? publisher)
        : ITransportConnection
    {
        public string? Product => inner.Product;

        public long MaxBodyBytes => inner.MaxBodyBytes;

        public async Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener) =>
            consumer is null
                ? await inner.ConsumeAsync(settings, listener)
                : await consumer(settings).OpenAsync(listener, own => inner.ConsumeAsync(settings, own));

        public async Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener) => publisher is null
            ? await inner.OpenPublisherAsync(listener)
            : await publisher().OpenAsync(listener, inner.OpenPublisherAsync);

        public Task<IPullChannel> OpenPullAsync() => inner.OpenPullAsync();

        public Task<QueueInfo?> InspectAsync(string queueName) => inner.InspectAsync(queueName);

        public Task<IReadOnlyList<QueueInfo>?> ListAsync() => inner.ListAsync();

        public Task DeclareAsync(QueueDeclaration declaration) => inner.DeclareAsync(declaration);

        public Task<long?> DeleteAsync(string queueName) => inner.DeleteAsync(queueName);

        public Task<long?> PurgeAsync(string queueName) => inner.PurgeAsync(queueName);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
