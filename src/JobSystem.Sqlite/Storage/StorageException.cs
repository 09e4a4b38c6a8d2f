using JobSystem.Transports;
using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>SQLite refused a statement. By its code it is known what to do about it.</summary>
internal sealed class StorageException(int code, string message) : Exception($"{message} (SQLite {code})")
{
    private const int NoRoomForIndexOfLog = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>Another process holds the lock, or repairs the log after a crash.</summary>
    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL;

    /// <summary>There is no room on the disk, or the file may not grow.</summary>
    public bool IsFull => Primary == raw.SQLITE_FULL || code == NoRoomForIndexOfLog;

    /// <summary>While a file is opened a full disk has more faces: its log cannot be made, or not be read.</summary>
    public bool MayBeFull => IsFull || Primary is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN;

    private int Primary => code & 0xFF;

    /// <summary>As an operating error of the file at a path.</summary>
    public TransportFailure AsFailure(string path) => Primary switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => Failure(TransportFailureKind.Unreachable, path,
            "another process holds its write lock."),
        raw.SQLITE_FULL => Failure(TransportFailureKind.Unreachable, path, "the disk is full."),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => Failure(TransportFailureKind.AccessRefused, path,
            $"it may only be read: {Message}. Give this user the right to write the file and its folder."),
        raw.SQLITE_CANTOPEN => Failure(TransportFailureKind.AccessRefused, path,
            $"it cannot be opened: {Message}. The file and its folder must be writable for this user."),
        raw.SQLITE_NOTADB => Failure(TransportFailureKind.Refused, path, "it is not an SQLite database."),
        raw.SQLITE_CORRUPT => Failure(TransportFailureKind.Refused, path, $"it is damaged: {Message}."),
        _ => Failure(TransportFailureKind.Lost, path, Message),
    };

    private static TransportFailure Failure(TransportFailureKind kind, string path, string what) =>
        new(kind, $"The job file '{path}' cannot be used: {what}");
}
