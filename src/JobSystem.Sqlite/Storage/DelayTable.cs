using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>What waits for its due time, to become a message of its queue then.</summary>
internal sealed class DelayTable(sqlite3 db, QueueTable queues, MessageTable messages) : IDisposable
{
    private const long MaxBytesAtOnce = 16 * 1024 * 1024;

    private readonly Statement _insert = new(db, "INSERT INTO delayed (due, queue, head, body) VALUES (?, ?, ?, ?)");
    private readonly Statement _next = new(db, "SELECT min(due) FROM delayed");
    private readonly Statement _due = new(db,
        "SELECT id, queue, head, body FROM delayed WHERE due <= ? ORDER BY due, id LIMIT ?");
    private readonly Statement _delete = new(db, "DELETE FROM delayed WHERE id = ?");

    public void Dispose()
    {
        _insert.Dispose();
        _next.Dispose();
        _due.Dispose();
        _delete.Dispose();
    }

    /// <summary>When the first is due (Unix, ms); null: none waits.</summary>
    public long? NextDue() => _next.Scalar();

    public void Add(string queue, long due, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) =>
        _insert.Bind(1, due).Bind(2, queue).Bind(3, head).Bind(4, body).Run();

    /// <summary>Makes messages of what is due, the earliest first, up to a limit. Returns their queues.</summary>
    public IReadOnlyList<QueueRow> MoveDue(long now, int limit)
    {
        var due = new List<(long Id, string Queue, byte[] Head, byte[] Body)>();
        _due.With(now, limit);
        long bytes = 0;
        while (_due.Next())
        {
            due.Add((_due.Long(0), _due.Text(1)!, _due.Bytes(2), _due.Bytes(3)));
            bytes += due[^1].Body.Length;
            if (bytes > MaxBytesAtOnce)
            {
                _due.Reset();
                break;
            }
        }

        var moved = new List<QueueRow>(due.Count);
        foreach (var (id, name, head, body) in due)
        {
            var queue = queues.FindOrDeclare(name);
            messages.Append(queue, head, body);
            _delete.With(id).Run();
            moved.Add(queue);
        }

        return moved;
    }
}
