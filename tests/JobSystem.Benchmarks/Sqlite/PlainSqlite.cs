using Microsoft.Data.Sqlite;

namespace JobSystem.Benchmarks.Sqlite;

/// <summary>
/// What SQLite does by itself: the same settings, one table, a prepared insert. Nobody is woken, nothing is claimed,
/// and the bytes are the same for every row.
/// </summary>
internal sealed class PlainSqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public PlainSqlite(string path, int headBytes, int bodyBytes)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        string[] setup =
        [
            "PRAGMA auto_vacuum = INCREMENTAL", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
            "PRAGMA cache_size = -16384",
            "CREATE TABLE message (id INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB)",
        ];
        foreach (var sql in setup)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO message (head, body) VALUES ($head, $body)";
        _insert.Parameters.AddWithValue("$head", new byte[headBytes]);
        _insert.Parameters.AddWithValue("$body", new byte[bodyBytes]);
        _insert.Prepare();
    }

    /// <summary>One transaction of so many rows.</summary>
    public void Insert(int rows)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        for (var row = 0; row < rows; row++)
        {
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
