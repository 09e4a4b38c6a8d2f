using System.Buffers;
using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// Publishes on one channel: persistent, mandatory, confirmed. Receives publishes from its owner; one loop
/// writes them in order and declares what is missing before, another tells the listener what the ledger found
/// out, and last, once, that the channel closed. It knows no deadline for a confirm: its owner does.
/// </summary>
internal sealed class RabbitPublisher : IPublisherChannel
{
    private readonly RabbitLink _link;
    private readonly RabbitQueues _queues;
    private readonly RabbitConnection _connection;
    private readonly IChannel _channel;
    private readonly MessageWriter _writer;
    private readonly RabbitRoutes _routes = new();
    private readonly IPublisherListener _listener;
    private readonly PublishLedger _ledger;
    private readonly SerialLoop<PublishAnswer> _answers;
    private readonly SerialLoop<Publishing> _publishes;

    private RabbitPublisher(
        RabbitLink link, IChannel channel, RabbitQueues queues, MessageWriter writer,
        RabbitConnection connection, IPublisherListener listener)
    {
        (_link, _channel, _queues, _writer, _connection) = (link, channel, queues, writer, connection);
        _listener = listener;
        _answers = new(TellAsync, OnListenerThrew);
        _ledger = new(_answers.Post);
        _publishes = new(WriteAsync, error => Fail(RabbitFailures.Of(error)));
    }

    public static async Task<RabbitPublisher> OpenAsync(
        RabbitLink link, RabbitQueues queues, MessageWriter writer, RabbitConnection connection,
        IPublisherListener listener)
    {
        var channel = await link.OpenChannelAsync(confirms: true).ConfigureAwait(false);
        var publisher = new RabbitPublisher(link, channel, queues, writer, connection, listener);
        publisher.Listen();
        return publisher;
    }

    public void Publish(ulong number, Job job, Destination destination)
    {
        // Its owner may use the bytes for something else once this has returned.
        var body = ArrayPool<byte>.Shared.Rent(job.Body.Length);
        job.Body.CopyTo(body);
        var kept = job.Checkpoint is { } checkpoint ? job with { Checkpoint = checkpoint.ToArray() } : job;
        _publishes.Post(new Publishing(number, kept, body, destination));
    }

    public async ValueTask DisposeAsync()
    {
        await _link.Deadlines.NoLongerThanAsync(_publishes.CompleteAsync()).ConfigureAwait(false);
        await _link.Deadlines.NoLongerThanAsync(_answers.StopAsync()).ConfigureAwait(false);
        await _link.CloseAsync(_channel).ConfigureAwait(false);
    }

    private void Listen()
    {
        _channel.BasicAcksAsync += _ledger.OnAckAsync;
        _channel.BasicNacksAsync += _ledger.OnNackAsync;
        _channel.BasicReturnAsync += _ledger.OnReturnAsync;
        _channel.ChannelShutdownAsync += (_, reason) =>
        {
            Fail(RabbitFailures.Of(reason));
            return Task.CompletedTask;
        };
    }

    private ValueTask WriteAsync(Publishing next)
    {
        if (next.Job.Body.Length > _connection.SaidMaxBodyBytes)
        {
            _ledger.Refuse(next.Number,
                $"Its body has {next.Job.Body.Length} bytes; the broker takes {_connection.SaidMaxBodyBytes}.");
            return default;
        }

        var route = _routes.Of(next.Destination);
        return route.IsReady ? Write(next, route) : PrepareAndWriteAsync(next, route);
    }

    private async ValueTask PrepareAndWriteAsync(Publishing next, RabbitRoute route)
    {
        try
        {
            await _queues.EnsureAsync(next.Destination.Queue, next.Destination.Lane).ConfigureAwait(false);
            if (route.Step is { } step)
            {
                route.Take(await _queues.EnsureAsync(step).ConfigureAwait(false));
            }

            route.IsReady = true;
        }
        catch (TransportException refused) when (refused.Failure.Kind
            is TransportFailureKind.AccessRefused or TransportFailureKind.Refused
            or TransportFailureKind.NotFound or TransportFailureKind.Inequivalent)
        {
            _ledger.Refuse(next.Number, refused.Failure.Text);
            return;
        }

        await Write(next, route).ConfigureAwait(false);
    }

    private ValueTask Write(Publishing next, RabbitRoute route)
    {
        if (_writer.Write(next.Job, route.Step?.LeftOf(next.Destination.Delay)) is { } problem)
        {
            _ledger.Refuse(next.Number, problem);
            return default;
        }

        _ledger.Add(next.Number, next.Job.Id.Value, route);

        var write = _channel.BasicPublishAsync(route.Exchange, route.Key, mandatory: true, _writer.Properties,
            new ReadOnlyMemory<byte>(next.Body, 0, next.Job.Body.Length));
        if (!write.IsCompletedSuccessfully)
        {
            // The library has the body until then: it does not go back to the pool.
            return new ValueTask(_link.WriteAsync(write));
        }

        ArrayPool<byte>.Shared.Return(next.Body);
        return default;
    }

    private ValueTask TellAsync(PublishAnswer answer)
    {
        if (answer is { Rejection: { } refusal, IsFinal: true })
        {
            _listener.OnRefused(answer.Number, refusal);
        }
        else if (answer.Rejection is { } reason)
        {
            _listener.OnRejected(answer.Number, reason);
        }
        else
        {
            _listener.OnConfirmed(answer.Number, answer.Multiple);
        }

        return default;
    }

    private void OnListenerThrew(Exception thrown)
    {
        Log.ListenerThrew(_link.Logger, thrown);
        Fail(new(TransportFailureKind.Lost, $"An answer could not be told: {thrown.Message}"));
    }

    private void Fail(TransportFailure failure)
    {
        _connection.Learn(failure);
        if (_answers.End(() => _listener.OnClosed(failure)))
        {
            _ = _publishes.StopAsync();
            RabbitLink.Discard(_channel);
        }
    }

    /// <param name="Body">Of the pool, and longer than the job's.</param>
    private readonly record struct Publishing(ulong Number, Job Job, byte[] Body, Destination Destination);
}
