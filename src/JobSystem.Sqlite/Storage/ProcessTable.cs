using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>A process that may hold deliveries.</summary>
/// <param name="Machine">Its machine's name, and which boot of it.</param>
/// <param name="Address">Where it is woken, and where it is seen to be alive; null: nowhere.</param>
/// <param name="Beat">Its heartbeats so far.</param>
internal sealed record ProcessRow(long Id, Machine Machine, string? Address, long Beat);

/// <summary>Who works on the file: the processes that hold deliveries, and their consumers.</summary>
internal sealed class ProcessTable(sqlite3 db) : IDisposable
{
    private readonly Statement _join = new(db,
        "INSERT INTO process (machine, boot, address, beat) VALUES (?, ?, ?, 0) RETURNING id");
    private readonly Statement _exists = new(db, "SELECT 1 FROM process WHERE id = ?");
    private readonly Statement _beat = new(db, "UPDATE process SET beat = beat + 1 WHERE id = ?");
    private readonly Statement _all = new(db, "SELECT id, machine, boot, address, beat FROM process");
    private readonly Statement _leave = new(db, "DELETE FROM process WHERE id = ?");
    private readonly Statement _giveBackOrphans = new(db,
        "UPDATE delivery SET consumer = 0, losses = losses + 1 WHERE consumer <> 0 AND consumer NOT IN " +
        "(SELECT c.id FROM consumer AS c JOIN process AS p ON p.id = c.process)");
    private readonly Statement _heldBy = new(db,
        $"SELECT DISTINCT id >> {QueueRow.PlaceBits} FROM delivery " +
        "WHERE consumer IN (SELECT id FROM consumer WHERE process = ?)");
    private readonly Statement _giveBackAll = new(db,
        "UPDATE delivery SET consumer = 0, losses = losses + 1 " +
        "WHERE consumer IN (SELECT id FROM consumer WHERE process = ?)");
    private readonly Statement _removeConsumers = new(db, "DELETE FROM consumer WHERE process = ?");
    private readonly Statement _addConsumer = new(db,
        "INSERT INTO consumer (process, queue) VALUES (?, ?) RETURNING id");
    private readonly Statement _consumerExists = new(db, "SELECT 1 FROM consumer WHERE id = ?");
    private readonly Statement _stopConsuming = new(db, "UPDATE consumer SET queue = NULL WHERE id = ?");
    private readonly Statement _removeConsumer = new(db, "DELETE FROM consumer WHERE id = ?");
    private readonly Statement _countConsumers = new(db, "SELECT count(*) FROM consumer WHERE queue = ?");
    private readonly Statement _removeConsumersOf = new(db, "DELETE FROM consumer WHERE queue = ?");
    private readonly Statement _consuming = new(db,
        "SELECT DISTINCT p.id, p.address FROM consumer AS c JOIN process AS p ON p.id = c.process " +
        "WHERE c.queue = ? AND p.address IS NOT NULL");

    public void Dispose()
    {
        Statement[] all =
        [
            _join, _exists, _beat, _all, _leave, _giveBackOrphans, _heldBy, _giveBackAll, _removeConsumers,
            _addConsumer,
            _consumerExists, _stopConsuming, _removeConsumer, _countConsumers, _removeConsumersOf, _consuming,
        ];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    public long Join(Machine machine, string? address) => Insert(
        _join.Bind(1, machine.Name).Bind(2, machine.Boot).Bind(3, address));

    public bool Exists(long process) => _exists.With(process).Scalar() is not null;

    /// <summary>False: others have taken this process for dead.</summary>
    public bool Beat(long process) => _beat.With(process).Run() > 0;

    public IReadOnlyList<ProcessRow> All()
    {
        var rows = new List<ProcessRow>();
        while (_all.Next())
        {
            rows.Add(new ProcessRow(
                _all.Long(0), new Machine(_all.Text(1)!, _all.Text(2)!), _all.Text(3), _all.Long(4)));
        }

        return rows;
    }

    /// <summary>Removes a process with its consumers. Returns the queues that got deliveries back.</summary>
    public IReadOnlyList<long> Remove(long process)
    {
        var queues = new List<long>();
        _heldBy.With(process);
        while (_heldBy.Next())
        {
            queues.Add(_heldBy.Long(0));
        }

        _giveBackAll.With(process).Run();
        _removeConsumers.With(process).Run();
        _leave.With(process).Run();
        return queues;
    }

    /// <summary>
    /// Gives back what is held by nobody in the file. No way is known for that to happen; a job must not hang on it.
    /// </summary>
    public void GiveBackOrphans() => _giveBackOrphans.Run();

    /// <param name="queue">Null: it takes messages one by one, of any queue, and is no consumer of one.</param>
    public long AddConsumer(long process, QueueRow? queue)
    {
        // A null parameter stays bound from the last time, so both ways bind it.
        return Insert(queue is null
            ? _addConsumer.With(process).Bind(2, (string?)null)
            : _addConsumer.With(process, queue.Id));
    }

    /// <summary>False: its queue was deleted, or others have taken its process for dead.</summary>
    public bool ConsumerExists(long consumer) => _consumerExists.With(consumer).Scalar() is not null;

    /// <summary>It keeps what it holds, but is no consumer of its queue any more.</summary>
    public void StopConsuming(long consumer) => _stopConsuming.With(consumer).Run();

    public void RemoveConsumer(long consumer) => _removeConsumer.With(consumer).Run();

    public void RemoveConsumersOf(QueueRow queue) => _removeConsumersOf.With(queue.Id).Run();

    public long CountConsumers(QueueRow queue) => _countConsumers.With(queue.Id).Scalar() ?? 0;

    /// <summary>The processes to wake when there is something in a queue.</summary>
    public void FindConsuming(long queue, Dictionary<long, string> addresses)
    {
        _consuming.With(queue);
        while (_consuming.Next())
        {
            addresses[_consuming.Long(0)] = _consuming.Text(1)!;
        }
    }

    private static long Insert(Statement insert)
    {
        insert.Next();
        var id = insert.Long(0);
        insert.Run();
        return id;
    }
}
