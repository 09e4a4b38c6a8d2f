using JobSystem.Actors;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>
/// Owns one channel that consumes one lane of a queue, and is the only one that settles what came from it.
/// Receives: the channel's deliveries, the settles of its queue's runner, the drain's wishes.
/// Promises: a settle reaches only the channel its delivery came from, because this actor's ref travels with the
/// delivery and dies with the channel; acks go out in batches, one frame where deliveries in a row have finished;
/// none waits longer than a millisecond for others. Its mailbox is bounded by the prefetch.
/// Ends: with its channel or its connection, never restarted: its tags are worthless then.
/// </summary>
internal sealed class ConsumerActor(
    ActorEnvironment environment,
    BrokerAccess broker,
    Tenancy tenancy,
    ConsumerSettings settings,
    Ref<RunnerMessage> runner,
    Ref<MonitorMessage> monitor) : TypedActor<ConsumerMessage>(environment)
{
    /// <summary>An ack waits for others until one of so many slots has finished.</summary>
    private const int ShareOfBatch = 16;

    /// <summary>Acks that wait keep new jobs away at the broker: at most one of so many slots may.</summary>
    private const int ShareThatMayWait = 4;

    /// <summary>A process that is killed meanwhile has its finished jobs run again.</summary>
    private static readonly TimeSpan _ackPatience = TimeSpan.FromMilliseconds(1);

    private readonly AckBatch _batch = new();
    private readonly Opening<IConsumerChannel> _opening = new(broker.Disposals);
    private IConsumerChannel? _channel;
    private Action<ulong, bool>? _ack;
    private bool _flushing;
    private bool _later;
    private bool _cancelWhenOpen;

    protected override void PreStart()
    {
        runner.Tell(new RunnerMessage.ConsumerStarted(Self));
        StartTimer("open", broker.Deadline, new ConsumerMessage.OpenTimedOut());
        var listener = new Listener(Self);
        PipeToSelf(
            () => _opening.OpenAsync(() => tenancy.Connection.ConsumeAsync(settings, listener)),
            channel => new ConsumerMessage.Opened(channel),
            error => new ConsumerMessage.OpenFailed(TransportFailure.Of(error)));
    }

    protected override void Receive(ConsumerMessage message)
    {
        switch (message)
        {
            case ConsumerMessage.Delivered delivered:
                _batch.Add(delivered.Delivery.Tag);
                runner.Tell(new RunnerMessage.JobArrived(new Arrival(delivered.Delivery, settings.Lane, Self)));
                break;
            case ConsumerMessage.Settle settle:
                Settle(settle);
                break;
            case ConsumerMessage.Widen:
                _channel?.Widen();
                break;
            case ConsumerMessage.Narrow:
                _channel?.Narrow();
                break;
            case ConsumerMessage.Flush flush:
                OnFlush(flush.IsOverdue);
                break;
            case ConsumerMessage.Opened opened:
                Accept(opened.Channel);
                break;
            case ConsumerMessage.OpenFailed failed:
                Fail(failed.Failure);
                break;
            case ConsumerMessage.OpenTimedOut:
                Fail(broker.Late($"Opening a consumer on '{settings.Queue}'"));
                break;
            case ConsumerMessage.Closed closed:
                Fail(closed.Failure);
                break;
            case ConsumerMessage.Cancel:
                Cancel();
                break;
            case ConsumerMessage.CancelEnded:
                runner.Tell(new RunnerMessage.ConsumerCancelled(Self));
                break;
            case ConsumerMessage.Finish:
                Flush();
                runner.Tell(new RunnerMessage.ConsumerFinished(Self));
                break;
        }
    }

    protected override void PostStop()
    {
        _opening.Abandon();
        // The runner watches, too; but Akka tells the connection first, and the next consumer may overtake that.
        runner.Tell(new RunnerMessage.ConsumerStopped(Self));
        if (_channel is not null)
        {
            monitor.Tell(new MonitorMessage.ConsumerClosed(settings));
        }
    }

    private void Accept(IConsumerChannel channel)
    {
        Timers.Cancel("open");
        (_channel, _ack) = (channel, channel.Ack);
        tenancy.TellOpened();
        monitor.Tell(new MonitorMessage.ConsumerOpened(settings, channel.Queue));
        Flush();
        if (_cancelWhenOpen)
        {
            Cancel();
        }
    }

    private void Settle(ConsumerMessage.Settle settle)
    {
        if (settle.Ack)
        {
            _batch.Finish(settle.Tag);
            FlushSoon();
        }
        else
        {
            _batch.Forget(settle.Tag);
            if (settle.Reject)
            {
                _channel?.Reject(settle.Tag);
            }
            else
            {
                _channel?.Requeue(settle.Tag);
            }
        }
    }

    /// <summary>
    /// An ack may wait a moment for others where many jobs run side by side: one frame for many costs the broker far
    /// less than many. Where nothing else runs, or slots are few, nothing waits.
    /// </summary>
    private void FlushSoon()
    {
        if (_batch.Outstanding > 0 && _batch.Finished < settings.Prefetch / ShareOfBatch)
        {
            FlushLater();
        }
        else if (!_flushing)
        {
            // Behind the settles that already wait in the mailbox.
            _flushing = true;
            Self.Tell(ConsumerMessage.Flush.Now);
        }
    }

    private void FlushLater()
    {
        if (!_later)
        {
            _later = true;
            StartTimer("flush", _ackPatience, ConsumerMessage.Flush.Overdue);
        }
    }

    /// <summary>What finished behind a job that still runs waits for it as long as it may, too.</summary>
    private void OnFlush(bool isOverdue)
    {
        _flushing &= isOverdue;
        _later &= !isOverdue;
        var mayWait = !isOverdue && settings.Prefetch >= 2 * ShareOfBatch
            && _batch.Finished < settings.Prefetch / ShareThatMayWait;
        Flush(alone: !mayWait);
        if (_batch.Finished > 0 && _ack is not null)
        {
            FlushLater();
        }
    }

    private void Flush(bool alone = true)
    {
        if (_ack is not null)
        {
            _batch.Flush(_ack, alone);
        }
    }

    private void Cancel()
    {
        if (_channel is null)
        {
            _cancelWhenOpen = true;
            return;
        }

        var channel = _channel;
        PipeToSelf(
            async () =>
            {
                await channel.CancelAsync();
                return true;
            },
            static _ => new ConsumerMessage.CancelEnded(),
            static error => new ConsumerMessage.Closed(TransportFailure.Of(error)));
    }

    private void Fail(TransportFailure failure)
    {
        tenancy.TellFailed(failure);
        StopSelf();
    }

    private sealed class Listener(Ref<ConsumerMessage> owner) : IConsumerListener
    {
        public void OnDelivery(Delivery delivery) => owner.Tell(new ConsumerMessage.Delivered(delivery));

        public void OnClosed(TransportFailure failure) => owner.Tell(new ConsumerMessage.Closed(failure));
    }
}
