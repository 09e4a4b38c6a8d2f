using JobSystem.Chaos.Targets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// A plain consumer of our own that takes jobs off the run's queue to destroy them, before all other consumers. An
/// operator's purge destroys jobs of which nobody knows the ids; what this takes is known by its content, id by id, so
/// no job that was lost otherwise can hide behind it.
/// Promises: a job is told to be destroyed before it is; the rest stays. Ends: when disposed of; what it had taken and
/// not destroyed goes back to the queue.
/// </summary>
internal sealed class QueueDrain : IAsyncDisposable
{
    private const ushort Prefetch = 1000;
    private const int Batch = 250;

    // Of consumers that say nothing it is 0: everything ready comes to us first.
    private const int Foremost = 1000;

    private static readonly TimeSpan _calm = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly FaultContext _context;
    private readonly string _reason;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly QueueTap _tap;
    private readonly List<JobId> _batch = [];
    private ulong _lastTag;

    private QueueDrain(FaultContext context, string reason, IConnection connection, IChannel channel) =>
        (_context, _reason, _connection, _channel, _tap) =
            (context, reason, connection, channel, new QueueTap(channel));

    /// <summary>Messages taken so far.</summary>
    public int Taken { get; private set; }

    /// <summary>Of them, those that are no jobs of a run: their bodies begin with no id.</summary>
    public int Foreign { get; private set; }

    /// <param name="context">Says which queue; its destroyed jobs are told to it.</param>
    /// <param name="reason">Why they are destroyed, in words.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="FaultException">No node lets us in.</exception>
    public static async Task<QueueDrain> OpenAsync(FaultContext context, string reason, CancellationToken cancel)
    {
        Exception? last = null;
        foreach (var uri in context.Target.Uris)
        {
            try
            {
                var connection = await AmqpServer.FactoryFor(uri).CreateConnectionAsync(cancel);
                var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
                await channel.BasicQosAsync(0, Prefetch, global: false, cancel);
                return new QueueDrain(context, reason, connection, channel);
            }
            catch (Exception error) when (IsOperating(error))
            {
                last = error;
            }
        }

        throw new FaultException(
            $"The queue {context.Queue} cannot be drained: {last?.GetBaseException().Message}", last);
    }

    /// <summary>Takes and destroys at least as many as stand in the queue when it begins, or all until it is dry.
    /// </summary>
    /// <exception cref="FaultException">The connection was lost; the last few may be back in the queue.</exception>
    public Task PurgeAsync(CancellationToken cancel) => TryAsync(async () =>
    {
        var most = await ReadyAsync(cancel);
        var tag = await ConsumeAsync(cancel);
        await TakeAsync(most, untilCalm: false, cancel);
        await _channel.BasicCancelAsync(tag, cancellationToken: cancel);
        await _tap.Ended.WaitAsync(_patience, _context.Clock, cancel);
        await TakeWhatCameAsync();
        await ReadyAsync(cancel); // answered on the same channel: the acks before it have arrived
    });

    /// <summary>
    /// Takes what stands in the queue until it is dry and deletes it while everything that comes still comes to us:
    /// what goes with the queue is known, too. Not that which workers held: they finish it, unless they die meanwhile.
    /// </summary>
    /// <param name="untilCalm">Nobody publishes any more: wait until nothing comes for a while.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How many the broker says were ready and went with the queue: zero, unless a job came in that very
    /// moment and was not given to us any more.</returns>
    /// <exception cref="FaultException">The connection was lost.</exception>
    public async Task<uint> DeleteAsync(bool untilCalm, CancellationToken cancel)
    {
        uint gone = 0;
        await TryAsync(async () =>
        {
            await ConsumeAsync(cancel);
            await TakeAsync(int.MaxValue, untilCalm, cancel);
            gone = await _channel.QueueDeleteAsync(
                _context.Queue, ifUnused: false, ifEmpty: false, noWait: false, cancellationToken: cancel);
            await _tap.Ended.WaitAsync(_patience, _context.Clock, cancel);
            while (_tap.TryNext(out var message))
            {
                Take(message);
            }

            Tell();
        });
        return gone;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private Task<string> ConsumeAsync(CancellationToken cancel) => _channel.BasicConsumeAsync(
        _context.Queue, autoAck: false, "chaos-drain", noLocal: false, exclusive: false,
        new Dictionary<string, object?> { ["x-priority"] = Foremost }, _tap, cancel);

    private async Task TakeAsync(int most, bool untilCalm, CancellationToken cancel)
    {
        var began = _context.Clock.GetTimestamp();
        var isDry = false;
        while (!isDry && Taken < most && _context.Clock.GetElapsedTime(began) < _limit)
        {
            var came = await _tap.ComesAsync(_calm, _context.Clock, cancel);
            await TakeWhatCameAsync();

            // What is left then has been given to us, or to a worker.
            isDry = !(came && untilCalm) && await ReadyAsync(cancel) == 0;
        }
    }

    /// <summary>Each batch is told, then acked: after a crash in between the jobs are told and still there.</summary>
    private async Task TakeWhatCameAsync()
    {
        bool more;
        do
        {
            more = _tap.TryNext(out var message);
            if (more)
            {
                Take(message);
            }

            if (_lastTag > 0 && (!more || _batch.Count >= Batch))
            {
                Tell();
                await _channel.BasicAckAsync(_lastTag, multiple: true);
                _lastTag = 0;
            }
        }
        while (more);
    }

    private void Take(TappedMessage message)
    {
        _lastTag = message.Tag;
        Taken++;
        if (message.Job is { } job)
        {
            _batch.Add(job);
        }
        else
        {
            Foreign++;
        }
    }

    private void Tell()
    {
        if (_batch.Count > 0)
        {
            _context.Destroyed([.. _batch], _reason);
            _batch.Clear();
        }
    }

    private async Task<int> ReadyAsync(CancellationToken cancel) =>
        (int)(await _channel.QueueDeclarePassiveAsync(_context.Queue, cancel)).MessageCount;

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (IsOperating(error))
        {
            throw new FaultException(
                $"The queue {_context.Queue} could not be drained to its end ({Taken} messages taken): "
                + error.GetBaseException().Message,
                error);
        }
    }

    private static bool IsOperating(Exception error) => error is OperationInterruptedException
        or BrokerUnreachableException or AlreadyClosedException or IOException or TimeoutException;
}
