using JobSystem.Transports;
using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>A message that was just given to a consumer.</summary>
/// <param name="Id">Its id in the file.</param>
/// <param name="Losses">How often it came back with its consumer's loss; null where this is its first delivery.</param>
/// <param name="Head">All of the job but its body: see <see cref="JobEnvelope"/>.</param>
internal readonly record struct ClaimedMessage(long Id, int? Losses, byte[] Head, byte[] Body)
{
    public Delivery AsDelivery(ulong tag) =>
        new(JobEnvelope.Decode(Id, Head, Body), tag, Redelivered: Losses is not null, Losses ?? 0)
        {
            DelayLeft = TimeSpan.Zero, // it was held to the end
        };
}

/// <summary>The messages of all queues, and who holds which of them.</summary>
internal sealed class MessageTable(sqlite3 db, QueueTable queues) : IDisposable
{
    /// <summary>A claim ends when it holds so much, so that great bodies come one by one.</summary>
    private const long MaxBytesAtOnce = 16 * 1024 * 1024;

    private readonly Statement _last = new(db, "SELECT id FROM message WHERE id < ? ORDER BY id DESC LIMIT 1");
    private readonly Statement _insert = new(db, "INSERT INTO message (id, head, body) VALUES (?, ?, ?)");
    private readonly Statement _fresh = new(db,
        "SELECT id, head, body FROM message WHERE id > ? AND id < ? ORDER BY id LIMIT ?");
    private readonly Statement _returned = new(db,
        "SELECT d.id, m.head, m.body, d.losses FROM delivery AS d JOIN message AS m ON m.id = d.id " +
        "WHERE d.consumer = 0 AND d.id > ? AND d.id < ? ORDER BY d.id LIMIT ?");
    private readonly Statement _anyReturned = new(db,
        "SELECT 1 FROM delivery WHERE consumer = 0 AND id > ? AND id < ? LIMIT 1");
    private readonly Statement _countReturned = new(db,
        "SELECT count(*) FROM delivery WHERE consumer = 0 AND id > ? AND id < ?");
    private readonly Statement _hold = new(db, "INSERT INTO delivery (id, consumer, losses) VALUES (?, ?, 0)");
    private readonly Statement _holdAgain = new(db, "UPDATE delivery SET consumer = ?2 WHERE id = ?1");
    private readonly Statement _forget = new(db, "DELETE FROM delivery WHERE id = ? AND consumer = ?");
    private readonly Statement _delete = new(db, "DELETE FROM message WHERE id = ?");
    private readonly Statement _giveBack = new(db,
        "UPDATE delivery SET consumer = 0, losses = losses + ?3 WHERE id = ?1 AND consumer = ?2");
    private readonly Statement _deleteFresh = new(db, "DELETE FROM message WHERE id > ? AND id <= ?");
    private readonly Statement _deleteReturned = new(db,
        "DELETE FROM message WHERE id IN (SELECT id FROM delivery WHERE consumer = 0 AND id > ? AND id < ?)");
    private readonly Statement _forgetReturned = new(db,
        "DELETE FROM delivery WHERE consumer = 0 AND id > ? AND id < ?");
    private readonly Statement _deleteAll = new(db, "DELETE FROM message WHERE id > ? AND id < ?");
    private readonly Statement _forgetAll = new(db, "DELETE FROM delivery WHERE id > ? AND id < ?");

    public void Dispose()
    {
        Statement[] all =
        [
            _last, _insert, _fresh, _returned, _anyReturned, _countReturned, _hold, _holdAgain, _forget, _delete,
            _giveBack, _deleteFresh, _deleteReturned, _forgetReturned, _deleteAll, _forgetAll,
        ];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    public void Append(QueueRow queue, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var id = LastOf(queue) + 1;
        _insert.Bind(1, id).Bind(2, head).Bind(3, body).Run();
        queue.Last = id;
    }

    public bool AnyReady(QueueRow queue) => LastOf(queue) > queue.Cursor || AnyReturned(queue);

    /// <summary>How many wait. What was never delivered has no gaps, so it is not counted but subtracted.</summary>
    public long CountReady(QueueRow queue) =>
        LastOf(queue) - queue.Cursor + (_countReturned.With(queue.First, queue.End).Scalar() ?? 0);

    /// <summary>Gives a consumer what came back, then what was never delivered, each in order.</summary>
    public void Claim(QueueRow queue, long consumer, int limit, List<ClaimedMessage> claimed)
    {
        var before = claimed.Count;
        var isReturned = AnyReturned(queue);
        if (isReturned)
        {
            Read(_returned.With(queue.First, queue.End, limit), claimed, returned: true);
            for (var index = before; index < claimed.Count; index++)
            {
                _holdAgain.With(claimed[index].Id, consumer).Run();
            }
        }

        var fresh = claimed.Count;
        if ((isReturned && AnyReturned(queue)) || fresh - before == limit || LastOf(queue) == queue.Cursor)
        {
            return;
        }

        Read(_fresh.With(queue.Cursor, queue.End, limit - (fresh - before)), claimed, returned: false);
        for (var index = fresh; index < claimed.Count; index++)
        {
            _hold.With(claimed[index].Id, consumer).Run();
        }

        queues.MoveCursor(queue, claimed[^1].Id);
    }

    /// <summary>It has ended. False: it was not held by this consumer any more, and nothing has changed.</summary>
    public bool Settle(long id, long consumer) =>
        _forget.With(id, consumer).Run() > 0 && _delete.With(id).Run() > 0;

    /// <summary>Back to the front of its queue. False: it was not held by this consumer any more.</summary>
    /// <param name="blame">Its consumer was lost, which counts against it.</param>
    public bool GiveBack(long id, long consumer, bool blame) =>
        _giveBack.With(id, consumer, blame ? 1 : 0).Run() > 0;

    /// <summary>Drops some of what waits. Returns how many; fewer than the limit: it was all.</summary>
    public long Purge(QueueRow queue, int limit)
    {
        var upTo = Math.Min(LastOf(queue), queue.Cursor + limit);
        long dropped = 0;
        if (upTo > queue.Cursor)
        {
            dropped = _deleteFresh.With(queue.Cursor, upTo).Run();
            queues.MoveCursor(queue, upTo);
        }

        if (dropped < limit)
        {
            _deleteReturned.With(queue.First, queue.End).Run();
            dropped += _forgetReturned.With(queue.First, queue.End).Run();
        }

        return dropped;
    }

    /// <summary>Drops everything, what is held by consumers too.</summary>
    public void DeleteAll(QueueRow queue)
    {
        _deleteAll.With(queue.First, queue.End).Run();
        _forgetAll.With(queue.First, queue.End).Run();
    }

    private long LastOf(QueueRow queue)
    {
        if (queue.Last is { } known)
        {
            return known;
        }

        // Behind the cursor nothing may be left: then the next id follows the cursor.
        var last = Math.Max(_last.With(queue.End).Scalar() ?? 0, queue.Cursor);
        queue.Last = last;
        return last;
    }

    private bool AnyReturned(QueueRow queue) => _anyReturned.With(queue.First, queue.End).Scalar() is not null;

    private static void Read(Statement rows, List<ClaimedMessage> into, bool returned)
    {
        long bytes = 0;
        while (rows.Next())
        {
            var message = new ClaimedMessage(
                rows.Long(0), returned ? (int)rows.Long(3) : null, rows.Bytes(1), rows.Bytes(2));
            into.Add(message);
            bytes += message.Body.Length;
            if (bytes > MaxBytesAtOnce)
            {
                rows.Reset();
                return;
            }
        }
    }
}
