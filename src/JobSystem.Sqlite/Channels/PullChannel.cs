using JobSystem.Sqlite.Broker;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Channels;

/// <summary>Takes messages one by one. What is not acked goes back when it ends.</summary>
/// <param name="consumer">Its number in the file.</param>
internal sealed class PullChannel(Session session, FileConnection connection, long consumer)
    : FileChannel(session, connection), IPullChannel
{
    private readonly Unsettled _unsettled = new();

    public Task<Delivery?> GetAsync(string queueName) => Session.QueryAsync(
        batch =>
        {
            EnsureOpen();
            var queue = batch.Tables.Queues.Find(queueName)
                ?? throw Failed(TransportFailureKind.NotFound, $"There is no queue '{queueName}'.");
            var claimed = new List<ClaimedMessage>(1);
            batch.Tables.Messages.Claim(queue, consumer, limit: 1, claimed);
            return claimed;
        },
        claimed => claimed.Count == 0 ? null : claimed[0].AsDelivery(_unsettled.Add(claimed[0].Id)));

    public Task AckAsync(ulong tag) => Session.QueryAsync(
        batch =>
        {
            EnsureOpen();
            var id = _unsettled.Find(tag)
                ?? throw Failed(TransportFailureKind.Refused, $"Unknown delivery tag {tag}.");
            return batch.Tables.Messages.Settle(id, consumer);
        },
        settled =>
        {
            _unsettled.Take(tag, multiple: false);
            return settled;
        });

    public override void Release(Batch batch)
    {
        foreach (var id in _unsettled.Ids)
        {
            if (batch.Tables.Messages.GiveBack(id, consumer, blame: true))
            {
                batch.Touch(id >> QueueRow.PlaceBits);
            }
        }

        batch.Tables.Processes.RemoveConsumer(consumer);
    }

    protected override void TellClosed(TransportFailure failure)
    {
        // Nobody listens: the next call fails.
    }

    private void EnsureOpen()
    {
        if (IsClosing)
        {
            throw Failed(TransportFailureKind.Lost, "The channel is closed.");
        }
    }

    private static TransportException Failed(TransportFailureKind kind, string text) =>
        new(new TransportFailure(kind, text));
}
