using JobSystem.Transports;
using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>
/// The open file. What cannot be used is refused with words that say what to do, and is left as it was: nothing is
/// written before it is known to be ours and of a version that this program knows.
/// </summary>
internal sealed class JobFile : IDisposable
{
    private const int SetupBusyMilliseconds = 10_000;

    private readonly sqlite3 _db;
    private bool _isDurable;

    private JobFile(SqliteOptions options, sqlite3 db)
    {
        _db = db;
        Setup(options.Path);
        if (options.MaxPages is { } pages)
        {
            Do($"PRAGMA max_page_count = {pages}");
        }

        Path = RealPath();
        Tables = new Tables(_db);
        Reserve = new Reserve(Path);
        Reserve.TryKeep();
    }

    /// <summary>Where it really is, whatever links led to it: the same for every process.</summary>
    public string Path { get; }

    public Tables Tables { get; }

    /// <summary>Room for claims and settles on a disk that is full.</summary>
    public Reserve Reserve { get; }

    /// <exception cref="TransportException">It cannot be used; the text says why.</exception>
    public static JobFile Open(SqliteOptions options)
    {
        try
        {
            return OpenOnce(options);
        }
        catch (TransportException error) when (
            error.InnerException is StorageException { MayBeFull: true } && ReserveOf(options.Path).TrySpend())
        {
            return OpenOnce(options); // to open takes room, too: the log and its index
        }
    }

    private static Reserve ReserveOf(string path) =>
        new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);

    private static JobFile OpenOnce(SqliteOptions options)
    {
        var path = options.Path;
        FileChecks.CheckPlace(path);
        FileChecks.CheckHeader(path);
        var db = Connect(path);
        try
        {
            return new JobFile(options, db);
        }
        catch (Exception error) when (error is StorageException or TransportException)
        {
            db.Dispose();
            throw error is StorageException storage ? Failed(path, storage) : error;
        }
    }

    public void Dispose()
    {
        Tables.Dispose();
        _db.Dispose();
    }

    /// <summary>
    /// Whether a commit waits until it is on the disk. Without it a commit survives every process, but perhaps not a
    /// failure of power. Outside of transactions.
    /// </summary>
    public bool IsDurable
    {
        get => _isDurable;
        set
        {
            if (value != _isDurable)
            {
                Do(value ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                _isDurable = value;
            }
        }
    }

    /// <summary>Another file, or none, lies at its place now.</summary>
    public bool HasMoved() => NativeSqlite.HasMoved(_db);

    /// <summary>
    /// Copies the log into the file, so that the log's room can be used again. False: not all of it, because there is
    /// no room for it or somebody still reads it.
    /// </summary>
    public bool TryCheckpoint() =>
        raw.sqlite3_wal_checkpoint_v2(
            _db, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out var copied) == raw.SQLITE_OK
        && copied == pages;

    /// <summary>Gives room to the disk that deleted jobs have left, where it is more than half of the file.</summary>
    /// <param name="pages">At most so much in one go, in pages of 4 KiB.</param>
    public void Shrink(int pages)
    {
        var free = ReadNumber("PRAGMA freelist_count");
        if (free > pages && free > ReadNumber("PRAGMA page_count") / 2)
        {
            Do($"PRAGMA incremental_vacuum({pages})");
            TryCheckpoint();
        }

        Reserve.TryKeep();
    }

    /// <summary>Without the library's own locks: the writer's thread alone uses it.</summary>
    private static sqlite3 Connect(string path)
    {
        Batteries_V2.Init();
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out var db, Flags, null);
        if (code != raw.SQLITE_OK)
        {
            using (db)
            {
                throw Failed(path, new StorageException(
                    raw.sqlite3_extended_errcode(db), raw.sqlite3_errmsg(db).utf8_to_string()));
            }
        }

        raw.sqlite3_extended_result_codes(db, 1);
        return db;
    }

    private static TransportException Failed(string path, StorageException error) => new(error.AsFailure(path), error);

    private void Setup(string path)
    {
        raw.sqlite3_busy_timeout(_db, SetupBusyMilliseconds);
        if (raw.sqlite3_db_readonly(_db, "main") == 1)
        {
            throw new StorageException(raw.SQLITE_READONLY, "the file may not be written");
        }

        FileChecks.CheckVersion(path, (int)ReadNumber("PRAGMA application_id"), (int)ReadNumber("PRAGMA user_version"));
        if (ReadNumber("PRAGMA user_version") == 0)
        {
            if (ReadNumber("SELECT count(*) FROM sqlite_master") > 0)
            {
                throw FileChecks.OfAnotherProgram(path);
            }

            Do("PRAGMA auto_vacuum = INCREMENTAL");
        }

        Do("PRAGMA journal_mode = WAL");
        IsDurable = true;
        Do("PRAGMA fullfsync = ON");
        Do("PRAGMA checkpoint_fullfsync = ON");
        Do("PRAGMA journal_size_limit = 67108864");
        Do("PRAGMA cache_size = -16384");
        Migrate();

        // From here on waiting for the write lock is ours, in small steps: see Writer.
        raw.sqlite3_busy_timeout(_db, 0);
    }

    private void Migrate()
    {
        if (ReadNumber("PRAGMA user_version") == Schema.Version)
        {
            return;
        }

        Do("BEGIN IMMEDIATE");
        foreach (var step in Schema.StepsAfter((int)ReadNumber("PRAGMA user_version")))
        {
            Do(step);
        }

        Do($"PRAGMA application_id = {Schema.ApplicationId}");
        Do($"PRAGMA user_version = {Schema.Version}");
        Do("COMMIT");
    }

    private string RealPath()
    {
        using var statement = new Statement(_db, "SELECT file FROM pragma_database_list WHERE name = 'main'");
        statement.Next();
        var path = statement.Text(0)!;
        statement.Reset();
        return path;
    }

    private long ReadNumber(string sql)
    {
        using var statement = new Statement(_db, sql);
        return statement.Scalar() ?? 0;
    }

    private void Do(string sql)
    {
        if (raw.sqlite3_exec(_db, sql) is var code and not raw.SQLITE_OK)
        {
            throw new StorageException(raw.sqlite3_extended_errcode(_db) is var full && full != 0 ? full : code,
                raw.sqlite3_errmsg(_db).utf8_to_string());
        }
    }
}
