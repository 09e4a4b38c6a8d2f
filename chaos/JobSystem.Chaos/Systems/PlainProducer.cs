using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// A producer as the broker's tutorial teaches it. Without confirms it believes what was written to the socket: that
/// is what the judge must see through. Connects again by itself, one publish at a time waiting for it.
/// </summary>
internal sealed class PlainProducer(string name, SystemSettings settings, string brokerUri, TimeProvider clock)
    : ITestedProducer
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);
    private readonly SemaphoreSlim _connecting = new(1);
    private IConnection? _connection;
    private IChannel? _channel;

    public async Task StartAsync(CancellationToken cancel) => await ChannelAsync(cancel);

    public async Task<EnqueueResult> EnqueueAsync(JobId job, string queue, byte[] body)
    {
        using var deadline = new CancellationTokenSource(settings.Workload.Deadline, clock);
        try
        {
            var channel = await ChannelAsync(deadline.Token);
            var properties = new BasicProperties
            {
                MessageId = job.Value,
                DeliveryMode = settings.SystemUnderTest.Persistent ? DeliveryModes.Persistent : DeliveryModes.Transient,
            };

            // A token must not reach the publish: a cancelled one spoils the client's count of confirms.
            await channel.BasicPublishAsync(
                "", queue, settings.SystemUnderTest.Mandatory, properties, body, CancellationToken.None).AsTask()
                .WaitAsync(deadline.Token);
            return new EnqueueResult.Confirmed(job);
        }
        catch (PublishException refused)
        {
            return new EnqueueResult.Rejected(job, refused.IsReturn ? "returned" : "nacked");
        }
        catch (Exception error) when (error is OperationCanceledException or RabbitMQClientException or IOException
            or InvalidOperationException or TimeoutException)
        {
            // Invalid operations, too: while its connection breaks the client writes to what it has closed already.
            return new EnqueueResult.Unknown(job, error.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancel)
    {
        if (_channel is { IsOpen: true } open)
        {
            return open;
        }

        await _connecting.WaitAsync(cancel);
        try
        {
            while (_channel is not { IsOpen: true })
            {
                await OpenAsync(cancel);
            }

            return _channel;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        try
        {
            if (_connection is not { IsOpen: true })
            {
                _connection = await PlainBroker.ConnectAsync(brokerUri, name, settings.Fleet, 1, cancel);
            }

            _channel = await _connection.CreateChannelAsync(
                new CreateChannelOptions(settings.SystemUnderTest.Confirms, settings.SystemUnderTest.Confirms), cancel);
        }
        catch (Exception error) when (error is RabbitMQClientException or IOException or InvalidOperationException
            or TimeoutException)
        {
            await Task.Delay(_pause, clock, cancel);
        }
    }
}
