using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// Publishes on one channel: persistent, mandatory, confirmed. Receives publishes from its owner, which a
/// pump writes in order and declares what is missing before. What the broker says of each is its ledger's to
/// tell; that the channel closed is told here, once and last. It knows no deadline for a confirm: its owner
/// does.
/// </summary>
internal sealed class RabbitPublisher : IPublisherChannel
{
    // An owner that lets more wait to be written has lost its own bound.
    private const int MaxWaiting = 65_536;

    private readonly RabbitLink _link;
    private readonly RabbitQueues _queues;
    private readonly RabbitConnection _connection;
    private readonly IChannel _channel;
    private readonly MessageWriter _writer;
    private readonly RabbitRoutes _routes = new();
    private readonly Voice<IPublisherListener> _voice;
    private readonly PublishLedger _ledger;
    private readonly WritePump<Publishing> _publishes;
    private readonly long _maxBodyBytes;

    private RabbitPublisher(
        RabbitLink link, IChannel channel, RabbitQueues queues, MessageWriter writer,
        RabbitConnection connection, IPublisherListener listener)
    {
        (_link, _channel, _queues, _writer, _connection) = (link, channel, queues, writer, connection);
        _maxBodyBytes = connection.MaxBodyBytes;
        _voice = new(listener);
        _ledger = new(_voice);
        _publishes = new(WriteAsync, Kept, error => Fail(RabbitFailures.Of(error)), MaxWaiting);
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
        if (!_publishes.TryPost(new Publishing(number, job, destination)))
        {
            Fail(new(TransportFailureKind.Lost, $"More than {MaxWaiting} publishes wait to be written."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _link.Deadlines.NoLongerThanAsync(_publishes.EndAsync()).ConfigureAwait(false);
        _voice.Silence();
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

    /// <summary>Its owner may use the bytes for something else once the post has returned.</summary>
    private static Publishing Kept(Publishing publishing)
    {
        var job = publishing.Job with { Body = publishing.Job.Body.ToArray() };
        return publishing with
        {
            Job = job.Checkpoint is { } checkpoint ? job with { Checkpoint = checkpoint.ToArray() } : job,
        };
    }

    private ValueTask WriteAsync(Publishing next)
    {
        if (next.Job.Body.Length > _maxBodyBytes)
        {
            _ledger.Reject(next.Number,
                $"Its body has {next.Job.Body.Length} bytes; the broker takes {_maxBodyBytes}.");
            return default;
        }

        var route = _routes.Of(next.Destination);
        return route.IsReady ? Write(next, route) : PrepareAndWriteAsync(Kept(next), route);
    }

    private async ValueTask PrepareAndWriteAsync(Publishing next, RabbitRoute route)
    {
        try
        {
            await _queues.EnsureAsync(next.Destination.Queue, next.Destination.Lane).ConfigureAwait(false);
            if (route.Step is { } step)
            {
                await _queues.EnsureAsync(step).ConfigureAwait(false);
            }

            route.IsReady = true;
        }
        catch (TransportException refused) when (refused.Failure.Kind
            is TransportFailureKind.AccessRefused or TransportFailureKind.Refused
            or TransportFailureKind.NotFound or TransportFailureKind.Inequivalent)
        {
            _ledger.Reject(next.Number, refused.Failure.Text);
            return;
        }

        await Write(next, route).ConfigureAwait(false);
    }

    private ValueTask Write(Publishing next, RabbitRoute route)
    {
        if (_writer.Write(next.Job) is { } problem)
        {
            _ledger.Reject(next.Number, problem);
            return default;
        }

        _ledger.Add(next.Number, next.Job.Id.Value, route);

        var write = _channel.BasicPublishAsync(
            route.Exchange, route.Key, mandatory: true, _writer.Properties, next.Job.Body);
        return write.IsCompletedSuccessfully ? default : new ValueTask(_link.WriteAsync(write));
    }

    private void Fail(TransportFailure failure)
    {
        _connection.Learn(failure);
        if (_voice.End(failure, static (listener, failure) => listener.OnClosed(failure)))
        {
            _publishes.Abort();
            RabbitLink.Discard(_channel);
        }
    }

    private readonly record struct Publishing(ulong Number, Job Job, Destination Destination);
}
