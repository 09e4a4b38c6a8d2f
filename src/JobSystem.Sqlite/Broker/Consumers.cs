using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// The consumers of this session, and what is claimed for them in a batch. A consumer looks into its queue only
/// when there is a reason to: something was published here, another process has woken this one, or its last look did
/// not empty the queue. On the writer's thread.
/// </summary>
internal sealed class Consumers
{
    /// <summary>Maximum in one batch, so that confirms and settles are not held up.</summary>
    private const int MaxClaims = 1000;

    private readonly List<IQueueConsumer> _all = [];
    private readonly List<(IQueueConsumer Consumer, List<ClaimedMessage> Messages)> _claimed = [];
    private readonly List<IQueueConsumer> _cancelled = [];
    private int _first;

    public bool Any => _all.Count > 0;

    public void Add(IQueueConsumer consumer) => _all.Add(consumer);

    public void Remove(IQueueConsumer consumer) => _all.Remove(consumer);

    /// <summary>Something may have changed in any queue.</summary>
    public void LookAll() => _all.ForEach(consumer => consumer.MayLook = true);

    /// <summary>
    /// Is there anything to claim, or a consumer to end? Outside of a transaction: where there is nothing, no lock
    /// is taken.
    /// </summary>
    public bool HaveReason(Tables tables)
    {
        foreach (var consumer in _all)
        {
            if (!consumer.MayLook || consumer.Room == 0)
            {
                continue;
            }

            var queue = tables.Queues.Find(consumer.QueueId);
            if (queue is null || !tables.Processes.ConsumerExists(consumer.Consumer)
                || tables.Messages.AnyReady(queue))
            {
                tables.Queues.Forget();
                return true;
            }

            consumer.MayLook = false;
        }

        tables.Queues.Forget();
        return false;
    }

    /// <summary>Claims for each that has room, in turn.</summary>
    public void Claim(Batch batch)
    {
        _claimed.Clear();
        _cancelled.Clear();
        _first = _all.Count == 0 ? 0 : (_first + 1) % _all.Count;
        for (var index = 0; index < _all.Count; index++)
        {
            var consumer = _all[(_first + index) % _all.Count];
            consumer.MayLook |= batch.Touched.Contains(consumer.QueueId);
            if (consumer.MayLook && consumer.Room > 0)
            {
                Claim(consumer, batch);
            }
        }
    }

    /// <summary>What was claimed is durable: it is told, and so is who has lost its queue.</summary>
    public void Committed()
    {
        foreach (var (consumer, messages) in _claimed)
        {
            consumer.Deliver(messages);
        }

        foreach (var consumer in _cancelled)
        {
            consumer.End(new TransportFailure(
                TransportFailureKind.Cancelled, $"The queue '{consumer.Queue.Name}' was deleted."));
        }

        _claimed.Clear();
        _cancelled.Clear();
    }

    private void Claim(IQueueConsumer consumer, Batch batch)
    {
        var queue = batch.Tables.Queues.Find(consumer.QueueId);
        if (queue is null || !batch.Tables.Processes.ConsumerExists(consumer.Consumer))
        {
            _cancelled.Add(consumer);
            return;
        }

        var messages = new List<ClaimedMessage>();
        batch.Tables.Messages.Claim(queue, consumer.Consumer, Math.Min(consumer.Room, MaxClaims), messages);
        consumer.MayLook = batch.Tables.Messages.AnyReady(queue);
        if (messages.Count > 0)
        {
            _claimed.Add((consumer, messages));
        }
    }
}
