using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>
/// Everything in the file, for one thread, inside one transaction at a time. A transaction takes the write lock at
/// its start, so it never fails for being late.
/// </summary>
internal sealed class Tables : IDisposable
{
    private readonly sqlite3 _db;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _dataVersion;

    public Tables(sqlite3 db)
    {
        _db = db;
        _begin = new Statement(db, "BEGIN IMMEDIATE");
        _commit = new Statement(db, "COMMIT");
        _dataVersion = new Statement(db, "PRAGMA data_version");
        Queues = new QueueTable(db);
        Messages = new MessageTable(db, Queues);
        Delays = new DelayTable(db, Queues, Messages);
        Processes = new ProcessTable(db);
    }

    public QueueTable Queues { get; }

    public MessageTable Messages { get; }

    public DelayTable Delays { get; }

    public ProcessTable Processes { get; }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _dataVersion.Dispose();
        Messages.Dispose();
        Delays.Dispose();
        Processes.Dispose();
        Queues.Dispose();
    }

    /// <summary>False: another process writes just now.</summary>
    public bool TryBegin()
    {
        try
        {
            _begin.Run();
            return true;
        }
        catch (StorageException error) when (error.IsBusy)
        {
            return false;
        }
    }

    /// <summary>When it returns all is on the disk.</summary>
    public void Commit()
    {
        Queues.Forget();
        _commit.Run();
    }

    public void Rollback()
    {
        Queues.Forget();
        if (raw.sqlite3_get_autocommit(_db) == 0)
        {
            using var rollback = new Statement(_db, "ROLLBACK");
            rollback.Run();
        }
    }

    /// <summary>A number that changes when another process has written.</summary>
    public long DataVersion() => _dataVersion.Scalar() ?? 0;
}
