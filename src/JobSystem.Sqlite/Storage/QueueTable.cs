using JobSystem.Transports;
using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>The queues by name and number. What it has read is remembered until the transaction ends.</summary>
internal sealed class QueueTable(sqlite3 db) : IDisposable
{
    private readonly Statement _byName = new(db, "SELECT id, name, cursor FROM queue WHERE name = ?");
    private readonly Statement _byId = new(db, "SELECT id, name, cursor FROM queue WHERE id = ?");
    private readonly Statement _insert = new(db, "INSERT INTO queue (id, name, cursor) VALUES (?, ?, ?)");
    private readonly Statement _highest = new(db, "SELECT max(id) FROM queue");
    private readonly Statement _gap = new(db,
        "SELECT min(id) + 1 FROM queue AS q WHERE NOT EXISTS (SELECT 1 FROM queue WHERE id = q.id + 1)");
    private readonly Statement _move = new(db, "UPDATE queue SET cursor = ?2 WHERE id = ?1");
    private readonly Statement _delete = new(db, "DELETE FROM queue WHERE id = ?");
    private readonly Statement _names = new(db, "SELECT name FROM queue ORDER BY name");
    private readonly Dictionary<string, QueueRow> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<long, QueueRow> _numbered = [];

    public void Dispose()
    {
        foreach (var statement in new[] { _byName, _byId, _insert, _highest, _gap, _move, _delete, _names })
        {
            statement.Dispose();
        }
    }

    public QueueRow? Find(string name) => _named.GetValueOrDefault(name) ?? Read(_byName.Bind(1, name));

    public QueueRow? Find(long id) => _numbered.GetValueOrDefault(id) ?? Read(_byId.With(id));

    public IReadOnlyList<string> Names()
    {
        var names = new List<string>();
        while (_names.Next())
        {
            names.Add(_names.Text(0)!);
        }

        _names.Reset();
        return names;
    }

    public QueueRow FindOrDeclare(string name) => Find(name) ?? Declare(name);

    /// <summary>What was delivered last.</summary>
    public void MoveCursor(QueueRow queue, long cursor)
    {
        queue.Cursor = cursor;
        _move.With(queue.Id, cursor).Run();
    }

    public void Delete(QueueRow queue)
    {
        _delete.With(queue.Id).Run();
        _named.Remove(queue.Name);
        _numbered.Remove(queue.Id);
    }

    /// <summary>The transaction has ended: what was read may no longer hold.</summary>
    public void Forget()
    {
        _named.Clear();
        _numbered.Clear();
    }

    private QueueRow Declare(string name)
    {
        var id = (_highest.Scalar() ?? 0) + 1;
        if (id > QueueRow.MaxId)
        {
            id = _gap.Scalar() ?? id;
        }

        if (id > QueueRow.MaxId)
        {
            throw new TransportException(new TransportFailure(
                TransportFailureKind.Refused, $"There are {QueueRow.MaxId} queues already: delete some."));
        }

        var cursor = QueueRow.FirstOf(id);
        _insert.Bind(2, name).Bind(3, cursor).With(id).Run();
        return Remember(new QueueRow(id, name, cursor));
    }

    private QueueRow? Read(Statement find)
    {
        if (!find.Next())
        {
            return null;
        }

        var row = new QueueRow(find.Long(0), find.Text(1)!, find.Long(2));
        find.Reset();
        return Remember(row);
    }

    private QueueRow Remember(QueueRow row)
    {
        _named[row.Name] = row;
        _numbered[row.Id] = row;
        return row;
    }
}
