using JobSystem.RabbitMq.Topology;
using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// Publishes on one channel: persistent, mandatory, confirmed. Receives publishes from its owner, which a pump
/// writes in order and declares what is missing before; tells its listener what the broker said of
/// each, one thing at a time, and last, once, that it closed. It knows no deadline for a confirm: its owner does.
/// </summary>
internal sealed class RabbitPublisher : IPublisherChannel
{
    // An owner that lets more wait to be written has lost its own bound.
    private const int MaxWaiting = 65_536;

    private readonly RabbitLink _link;
    private readonly RabbitQueues _queues;
    private readonly IChannel _channel;
    private readonly IPublisherListener _listener;
    private readonly MessageWriter _writer;
    private readonly RabbitConnection _connection;
    private readonly long _maxBodyBytes;
    private readonly RabbitRoutes _routes = new();
    private readonly InFlight<RabbitRoute> _inFlight = new();
    private readonly WritePump<Publishing> _publishes;
    private readonly Lock _gate = new();
    private bool _silent;

    private RabbitPublisher(
        RabbitLink link, IChannel channel, RabbitQueues queues, MessageWriter writer, RabbitConnection connection,
        IPublisherListener listener)
    {
        (_link, _channel, _queues, _writer, _connection, _maxBodyBytes, _listener) =
            (link, channel, queues, writer, connection, connection.MaxBodyBytes, listener);
        _publishes = new(WriteAsync, Kept, error => Fail(RabbitFailures.Of(error)), MaxWaiting);
    }

    public static async Task<RabbitPublisher> OpenAsync(
        RabbitLink link, RabbitQueues queues, MessageWriter writer, RabbitConnection connection,
        IPublisherListener listener)
    {
        var channel = await link.OpenChannelAsync(confirms: true).ConfigureAwait(false);
        var publisher = new RabbitPublisher(link, channel, queues, writer, connection, listener);
        publisher.Start();
        return publisher;
    }

    public void Publish(ulong number, Job job, Destination destination)
    {
        if (!_publishes.TryPost(new Publishing(number, job, destination)))
        {
            Fail(new TransportFailure(
                TransportFailureKind.Lost, $"More than {MaxWaiting} publishes wait to be written."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _link.NoLongerThanAsync(_publishes.EndAsync()).ConfigureAwait(false);
        lock (_gate)
        {
            _silent = true;
        }

        await _link.CloseAsync(_channel).ConfigureAwait(false);
    }

    private void Start()
    {
        _channel.BasicAcksAsync += (_, ack) =>
        {
            Confirm(ack.DeliveryTag, ack.Multiple);
            return Task.CompletedTask;
        };
        _channel.BasicNacksAsync += (_, nack) =>
        {
            Refuse(nack.DeliveryTag, nack.Multiple);
            return Task.CompletedTask;
        };
        _channel.BasicReturnAsync += (_, returned) =>
        {
            Return(returned);
            return Task.CompletedTask;
        };
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
            Reject(next.Number, $"Its body of {next.Job.Body.Length} bytes is larger than the {_maxBodyBytes} that " +
                "the broker takes.");
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
            Reject(next.Number, refused.Failure.Text);
            return;
        }

        await Write(next, route).ConfigureAwait(false);
    }

    private ValueTask Write(Publishing next, RabbitRoute route)
    {
        if (_writer.Write(next.Job) is { } problem)
        {
            Reject(next.Number, problem);
            return default;
        }

        lock (_gate)
        {
            _inFlight.Add(next.Number, next.Job.Id.Value, route);
        }

        var write = _channel.BasicPublishAsync(
            route.Exchange, route.Key, mandatory: true, _writer.Properties, next.Job.Body, CancellationToken.None);
        return write.IsCompletedSuccessfully ? default : new ValueTask(_link.WriteAsync(write));
    }

    private void Confirm(ulong sequence, bool multiple)
    {
        lock (_gate)
        {
            if (_inFlight.Confirm(sequence, multiple, out var number) && !_silent)
            {
                _listener.OnConfirmed(number, multiple);
            }
        }
    }

    private void Refuse(ulong sequence, bool multiple)
    {
        lock (_gate)
        {
            foreach (var number in _inFlight.Refuse(sequence, multiple))
            {
                RejectLocked(number, "The broker refused it (nack): the queue is full, or it failed to store it.");
            }
        }
    }

    private void Return(BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            if (_inFlight.Return(returned.BasicProperties.MessageId,
                route => route.Goes(returned.Exchange, returned.RoutingKey), out var number, out var route))
            {
                // The queue was there and is gone: the next publish to it declares it again.
                route!.IsReady = false;
                RejectLocked(number, $"The broker returned it: {returned.ReplyCode} {returned.ReplyText}, there is " +
                    $"no queue '{returned.RoutingKey}'.");
            }
        }
    }

    private void Reject(ulong number, string reason)
    {
        lock (_gate)
        {
            RejectLocked(number, reason);
        }
    }

    private void RejectLocked(ulong number, string reason)
    {
        if (!_silent)
        {
            _listener.OnRejected(number, reason);
        }
    }

    private void Fail(TransportFailure failure)
    {
        lock (_gate)
        {
            if (_silent)
            {
                return;
            }

            _silent = true;
            _connection.Learn(failure);
            _listener.OnClosed(failure);
        }

        _publishes.Abort();
        RabbitLink.Discard(_channel);
    }

    private readonly record struct Publishing(ulong Number, Job Job, Destination Destination);
}
