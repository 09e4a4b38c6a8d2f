using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>
/// One prepared statement, used again and again by one thread. Bind, then <see cref="Run"/> it, or step through its
/// rows with <see cref="Next"/>; a statement that is left before its last row must be <see cref="Reset"/>.
/// </summary>
internal sealed class Statement : IDisposable
{
    /// <summary>A larger value is not kept bound after the run: it would hold memory until the next one.</summary>
    private const int LargeValue = 64 * 1024;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private bool _holdsLargeValue;

    public Statement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>Binds whole numbers to the first parameters, in order.</summary>
    public Statement With(params ReadOnlySpan<long> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            Bind(index + 1, values[index]);
        }

        return this;
    }

    /// <param name="parameter">Its number, from 1.</param>
    public Statement Bind(int parameter, string? value)
    {
        Check(value is null
            ? raw.sqlite3_bind_null(_statement, parameter)
            : raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        _holdsLargeValue |= value.Length > LargeValue;
        Check(raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>Steps to the next row; false after the last.</summary>
    public bool Next()
    {
        switch (raw.sqlite3_step(_statement))
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                Reset();
                return false;
            default:
                var failure = LastFailure();
                Reset();
                throw failure;
        }
    }

    /// <summary>Runs a statement that gives no rows. Returns how many rows it changed.</summary>
    public int Run()
    {
        while (Next())
        {
        }

        return raw.sqlite3_changes(_db);
    }

    /// <summary>The first column of the first row; null where there is no row, or no value.</summary>
    public long? Scalar()
    {
        if (!Next())
        {
            return null;
        }

        long? value = raw.sqlite3_column_type(_statement, 0) == raw.SQLITE_NULL ? null : Long(0);
        Reset();
        return value;
    }

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public string? Text(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL
        ? null
        : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Reset()
    {
        raw.sqlite3_reset(_statement);
        if (_holdsLargeValue)
        {
            raw.sqlite3_clear_bindings(_statement);
            _holdsLargeValue = false;
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw LastFailure();
        }
    }

    private StorageException LastFailure() =>
        new(raw.sqlite3_extended_errcode(_db), raw.sqlite3_errmsg(_db).utf8_to_string());
}
