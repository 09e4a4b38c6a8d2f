using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// A worker as the broker's tutorial teaches it, by hand on the plain client: what the job system is compared with,
/// and, with one knob turned wrong, what the judge must find guilty. It does not reconnect: its process ends with its
/// connection, and the fleet starts another.
/// </summary>
internal sealed class PlainWorker(
    string name, SystemSettings settings, string brokerUri, TestedHandler handler, LedgerWriter ledger)
    : ITestedWorker
{
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnection? _connection;
    private IChannel? _channel;
    private string _consumer = "";

    /// <summary>Completes when its connection or its channel is gone.</summary>
    public Task Lost => _lost.Task;

    public async Task StartAsync(CancellationToken cancel)
    {
        _connection = await PlainBroker.ConnectAsync(
            brokerUri, name, settings.Fleet, (ushort)Math.Max(1, settings.SystemUnderTest.Prefetch), cancel);
        _connection.ConnectionShutdownAsync += OnShutdownAsync;
        _channel = await _connection.CreateChannelAsync(cancellationToken: cancel);
        _channel.ChannelShutdownAsync += OnShutdownAsync;
        await _channel.BasicQosAsync(0, (ushort)settings.SystemUnderTest.Prefetch, global: false, cancel);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += OnDeliveredAsync;
        _consumer = await _channel.BasicConsumeAsync(
            settings.Queue, autoAck: settings.SystemUnderTest.Ack == "auto", consumer, cancel);
    }

    public async Task<bool> DrainAsync()
    {
        if (_channel is { IsOpen: true })
        {
            await _channel.BasicCancelAsync(_consumer);
            await _channel.CloseAsync();
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task OnDeliveredAsync(object sender, BasicDeliverEventArgs delivered)
    {
        var body = delivered.Body.ToArray();
        if (settings.SystemUnderTest.Ack is "auto" or "before")
        {
            await AckAsync(delivered.DeliveryTag, body);
        }

        try
        {
            await handler.RunAsync(body, attempt: 1, CancellationToken.None);
        }
        catch (Exception error) when (error is InvalidOperationException or JobNotRetryableException)
        {
            return; // as the tutorial has it: an exception, no ack, the delivery stays with this worker until it ends
        }

        if (settings.SystemUnderTest.Ack == "after")
        {
            await AckAsync(delivered.DeliveryTag, body);
        }
    }

    private async Task AckAsync(ulong tag, byte[] body)
    {
        if (JobBody.TryGetJob(body, out var job))
        {
            ledger.Add(new HistoryEvent.MessageAcked(job, 0, settings.Queue));
        }

        if (settings.SystemUnderTest.Ack != "auto")
        {
            await _channel!.BasicAckAsync(tag, multiple: false);
        }
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
    {
        if (reason.Initiator != ShutdownInitiator.Application && _lost.TrySetResult())
        {
            ledger.Add(new HistoryEvent.ConnectionLost(reason.ReplyText, name));
        }

        return Task.CompletedTask;
    }
}
