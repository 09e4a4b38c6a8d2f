namespace JobSystem.Sqlite;

/// <summary>Where the jobs of an embedded broker are kept, and how patient it is.</summary>
public sealed record SqliteOptions
{
    /// <summary>
    /// The file. It is made when it is not there; its folder must be. It must lie on a disk of this machine: SQLite's
    /// log is shared memory, which no network file system carries.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The largest body it takes, in bytes. Default 256 MiB.</summary>
    public long MaxBodyBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// How long a process that shows no sign of life keeps what was delivered to it. Default 30 s. A process that was
    /// killed is noticed at once; this is for one that hangs or is paused.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long another process may hold the file's write lock before the file counts as out of reach.
    /// Default 10 s.</summary>
    public TimeSpan BusyDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The file may not have more pages (of 4 KiB). Null: the disk is its limit.</summary>
    internal int? MaxPages { get; init; }
}
