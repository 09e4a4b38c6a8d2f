using System.Buffers.Binary;
using System.IO.Hashing;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// One process' file of what it saw, only ever appended to. Layout: <see cref="Magic"/>, then records: length and
/// CRC-32 of what follows (four bytes each), the machine's monotonic clock in nanoseconds, the event.
/// Promises: when <see cref="Add"/> has returned, the event is the operating system's and survives the death of this
/// process (one write a record; a torn last record is recognised). Events of several threads come in the order of
/// their times.
/// Ends: with the process, or by <see cref="Dispose"/>, which says that nothing is missing.
/// </summary>
internal sealed class LedgerWriter : IDisposable
{
    public const int HeadBytes = 2 * sizeof(uint);

    /// <summary>A time, the shortest event.</summary>
    public const int MaxBodyBytes = sizeof(long) + LedgerCodec.MaxEventBytes;

    public const string Extension = ".ledger";

    /// <summary>Whose file tells of all others.</summary>
    public const string Controller = "controller";

    private readonly Lock _gate = new();
    private readonly Stream _file;
    private readonly TimeProvider _clock;
    private readonly string _name;
    private readonly byte[] _record = new byte[HeadBytes + MaxBodyBytes];
    private long _events;

    /// <param name="folder">Of the run.</param>
    /// <param name="name">Of this life of this process; no other file has it.</param>
    /// <param name="clock">Its timestamps must be the machine's, the same for all processes.</param>
    public LedgerWriter(string folder, string name, TimeProvider clock)
        : this(
            new FileStream(
                Path.Combine(folder, name + Extension), FileMode.CreateNew, FileAccess.Write, FileShare.Read,
                bufferSize: 0),
            name, clock)
    {
    }

    private LedgerWriter(Stream file, string name, TimeProvider clock)
    {
        (_file, _name, _clock) = (file, name, clock);
        _file.Write(Magic);
    }

    public static ReadOnlySpan<byte> Magic => "JOBLEDG1"u8;

    /// <summary>Keeps nothing: for warming up.</summary>
    public static LedgerWriter ToNowhere(TimeProvider clock) => new(Stream.Null, "", clock);

    public void Add(HistoryEvent happened)
    {
        lock (_gate)
        {
            Append(happened);
        }
    }

    /// <summary>A fault took these jobs away on purpose.</summary>
    public void AddDestroyed(IEnumerable<JobId> jobs, string by)
    {
        foreach (var job in jobs)
        {
            Add(new HistoryEvent.Destroyed(job, by));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Append(new HistoryEvent.LedgerClosed(_name, _events));
            _file.Dispose();
        }
    }

    private void Append(HistoryEvent happened)
    {
        var body = _record.AsSpan(HeadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(body, NanosecondsOf(_clock.GetTimestamp()));
        var length = sizeof(long) + LedgerCodec.Write(body[sizeof(long)..], happened);
        BinaryPrimitives.WriteInt32LittleEndian(_record, length);
        BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(sizeof(uint)), Crc32.HashToUInt32(body[..length]));
        _file.Write(_record.AsSpan(0, HeadBytes + length));
        _events++;
    }

    private long NanosecondsOf(long timestamp) =>
        (long)(timestamp * (1_000_000_000.0 / _clock.TimestampFrequency));
}
