using JobSystem.Sqlite.Broker;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Channels;

/// <summary>
/// A consumer of one queue. Owns its unsettled deliveries. Its number in the file is given to no other ever, so a
/// settle that comes too late (its process was paused, and others took what it held) changes nothing.
/// Ends also: when its queue is deleted, and when others have taken its process for dead.
/// </summary>
internal sealed class ConsumerChannel(
    Session session, FileConnection connection, ConsumerSettings settings, IConsumerListener listener,
    ConsumerChannel.Place place)
    : FileChannel(session, connection), IConsumerChannel, IQueueConsumer
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Unsettled _unsettled = new();
    private bool _isCancelled;

    /// <summary>Where it stands in the file.</summary>
    /// <param name="Consumer">Its number.</param>
    /// <param name="Queue">Its queue's number.</param>
    /// <param name="Info">The queue as it was found.</param>
    public sealed record Place(long Consumer, long Queue, QueueInfo Info);

    public QueueInfo Queue => place.Info;

    public long QueueId => place.Queue;

    public long Consumer => place.Consumer;

    /// <summary>There may be something for it in its queue. On the writer's thread, as all below.</summary>
    public bool MayLook { get; set; } = true;

    /// <summary>How many more deliveries it takes now.</summary>
    public int Room => IsClosing || _isCancelled ? 0 : settings.Prefetch - _unsettled.Count;

    public void Ack(ulong tag, bool multiple) => Session.Add(new Settle(this, tag, multiple, ack: true));

    public void Requeue(ulong tag) => Session.Add(new Settle(this, tag, multiple: false, ack: false));

    public Task CancelAsync()
    {
        Session.Add(new Cancel(this));
        return _cancelled.Task;
    }

    /// <summary>Tells what was claimed for it, when that is durable.</summary>
    public void Deliver(IReadOnlyList<ClaimedMessage> messages)
    {
        var tags = new ulong[messages.Count];
        for (var index = 0; index < tags.Length; index++)
        {
            tags[index] = _unsettled.Add(messages[index].Id);
        }

        Callbacks.Post(() =>
        {
            for (var index = 0; index < tags.Length; index++)
            {
                listener.OnDelivery(messages[index].AsDelivery(tags[index]));
            }
        });
    }

    public override void Release(Batch batch)
    {
        foreach (var id in _unsettled.Ids)
        {
            if (batch.Tables.Messages.GiveBack(id, Consumer, blame: true))
            {
                batch.Touch(QueueId);
            }
        }

        batch.Tables.Processes.RemoveConsumer(Consumer);
    }

    protected override void Forgotten() => Session.Consumers.Remove(this);

    protected override void TellClosed(TransportFailure failure) => listener.OnClosed(failure);

    protected override void Told() => _cancelled.TrySetResult();

    /// <summary>One settle on its way into the file.</summary>
    private sealed class Settle(ConsumerChannel channel, ulong tag, bool multiple, bool ack) : Operation
    {
        private IReadOnlyList<long> _ids = [];

        public override bool Prepare()
        {
            if (channel.IsClosing)
            {
                return false;
            }

            _ids = channel._unsettled.Take(tag, multiple);
            if (_ids.Count == 0)
            {
                channel.Session.Add(new CloseChannel(channel, new TransportFailure(
                    TransportFailureKind.Refused, $"Unknown delivery tag {tag} on '{channel.Queue.Name}'.")));
            }

            return _ids.Count > 0;
        }

        public override void Execute(Batch batch)
        {
            foreach (var id in _ids)
            {
                if (ack)
                {
                    batch.Tables.Messages.Settle(id, channel.Consumer);
                }
                else if (batch.Tables.Messages.GiveBack(id, channel.Consumer, blame: false))
                {
                    batch.Touch(channel.QueueId);
                }
            }
        }

        public override void Committed(Batch batch)
        {
            // Nobody waits for it.
        }

        public override bool TryRefuse(string reason) => false;

        public override void Abandoned(TransportFailure failure)
        {
            // The broker never heard of it: the job comes again.
        }
    }

    /// <summary>No more deliveries from now on. It keeps its number, and what it holds.</summary>
    private sealed class Cancel(ConsumerChannel channel) : Operation
    {
        public override bool Prepare()
        {
            channel._isCancelled = true;
            return !channel.IsClosing; // else its end completes the call
        }

        public override void Execute(Batch batch) => batch.Tables.Processes.StopConsuming(channel.Consumer);

        public override void Committed(Batch batch) => channel.Callbacks.Post(() => channel._cancelled.TrySetResult());

        public override bool TryRefuse(string reason) => false;

        public override void Abandoned(TransportFailure failure) => channel._cancelled.TrySetResult();
    }
}
