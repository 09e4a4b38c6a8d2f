using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;

namespace JobSystem.RabbitMq;

/// <summary>
/// One connection to the broker, as the seam wants it. Never reconnects; ends with its link.
/// </summary>
internal sealed class RabbitConnection(RabbitLink link, RabbitTransport transport) : ITransportConnection
{
    private readonly RabbitQueues _queues = new(link);
    private readonly HeaderLog _headerLog = new(link.Logger, link.Clock);

    public string? Product => $"RabbitMQ {link.Version}";

    public long MaxBodyBytes => transport.MaxBodyBytesOf(link.Version);

    /// <summary>What the broker, or the options, have said: no guess.</summary>
    public long SaidMaxBodyBytes => transport.SaidMaxBodyBytes;

    public async Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener)
    {
        await _queues.EnsureAsync(settings.Queue, settings.Lane).ConfigureAwait(false);
        var name = Lanes.NameOf(settings.Queue, settings.Lane);
        var info = await _queues.InspectAsync(name).ConfigureAwait(false)
            ?? throw new TransportException(
                new(TransportFailureKind.NotFound, $"The queue '{name}' was deleted."));
        return await RabbitConsumer.OpenAsync(link, settings, info, NewReader(), listener)
            .ConfigureAwait(false);
    }

    public async Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener) =>
        await RabbitPublisher.OpenAsync(
            link, _queues, new MessageWriter(link.MaxHeaderBytes, _headerLog), this, listener)
                .ConfigureAwait(false);

    public async Task<IPullChannel> OpenPullAsync() =>
        new RabbitPull(
            link, await link.OpenChannelAsync().ConfigureAwait(false), _queues, NewReader(ofDeadLetters: true));

    public Task<QueueInfo?> InspectAsync(string queueName) => _queues.InspectAsync(queueName);

    public Task<IReadOnlyList<QueueInfo>?> ListAsync() => Task.FromResult<IReadOnlyList<QueueInfo>?>(null);

    public Task DeclareAsync(QueueDeclaration declaration) => _queues.DeclareAsync(declaration);

    public Task<IReadOnlyList<string>> DelayQueuesAsync(string queue) => _queues.StepsOfAsync(queue);

    public Task<long?> DeleteAsync(string queueName) => _queues.DeleteAsync(queueName);

    public Task<long?> PurgeAsync(string queueName) => _queues.PurgeAsync(queueName);

    /// <summary>The broker named its limit when it refused a message: it applies from now on.</summary>
    public void Learn(TransportFailure failure)
    {
        if (failure.LimitBytes is { } limit)
        {
            transport.LearnLimit(limit);
        }
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private MessageReader NewReader(bool ofDeadLetters = false) =>
        new(link.Clock, transport.NewRandom(), _headerLog, ofDeadLetters);
}
