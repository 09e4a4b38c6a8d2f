using System.Buffers.Binary;
using System.IO.Hashing;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// Reads one file of the ledger record by record, also while it grows: at its end <see cref="TryRead"/> says no, and
/// may say yes later. What is torn or damaged is never taken for an event.
/// </summary>
internal sealed class LedgerReader : IDisposable
{
    private readonly FileStream _file;
    private readonly TextCache _texts;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _from;
    private int _to;
    private bool _hasHead;

    public LedgerReader(string path, TextCache texts)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _texts = texts;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
    }

    public string Name { get; }

    /// <summary>Events read so far.</summary>
    public long Events { get; private set; }

    /// <summary>The last event read said that the file is whole.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Why reading cannot go on; null: it can.</summary>
    public string? Damage { get; private set; }

    /// <summary>Bytes at the end that are no whole record: its process died while it wrote.</summary>
    public int TornBytes => Damage is null ? _to - _from : 0;

    /// <param name="nanoseconds">The machine's monotonic clock.</param>
    /// <param name="happened">What.</param>
    /// <returns>False: there is no further whole record now.</returns>
    public bool TryRead(out long nanoseconds, out HistoryEvent happened)
    {
        (nanoseconds, happened) = (0, null!);
        if (Damage is not null || !ReadHead() || !Fill(LedgerWriter.HeadBytes))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_from));
        if (length is < sizeof(long) + 1 or > LedgerWriter.MaxBodyBytes)
        {
            Damage = $"{Name}: a record after {Events} events says it has {length} bytes";
            return false;
        }

        if (!Fill(LedgerWriter.HeadBytes + length))
        {
            return false;
        }

        var body = _buffer.AsSpan(_from + LedgerWriter.HeadBytes, length);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_from + sizeof(uint)));
        if (Crc32.HashToUInt32(body) != crc)
        {
            Damage = $"{Name}: the record after {Events} events has a wrong checksum";
            return false;
        }

        nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(body);
        return Decode(body[sizeof(long)..], length, out happened);
    }

    public void Dispose() => _file.Dispose();

    private bool Decode(ReadOnlySpan<byte> bytes, int length, out HistoryEvent happened)
    {
        try
        {
            happened = LedgerCodec.Read(bytes, _texts);
        }
        catch (FormatException error)
        {
            happened = null!;
            Damage = $"{Name}: after {Events} events: {error.Message}";
            return false;
        }

        if (happened is HistoryEvent.LedgerClosed closed)
        {
            IsClosed = true;
            Damage = closed.Events == Events ? null : $"{Name}: it had {closed.Events} events, but has {Events}";
        }

        _from += LedgerWriter.HeadBytes + length;
        Events++;
        return Damage is null;
    }

    private bool ReadHead()
    {
        if (_hasHead)
        {
            return true;
        }

        if (!Fill(LedgerWriter.Magic.Length))
        {
            return false;
        }

        if (!_buffer.AsSpan(_from, LedgerWriter.Magic.Length).SequenceEqual(LedgerWriter.Magic))
        {
            Damage = $"{Name}: it is no ledger";
            return false;
        }

        _from += LedgerWriter.Magic.Length;
        return _hasHead = true;
    }

    /// <summary>Makes sure that so many bytes are in the buffer.</summary>
    private bool Fill(int count)
    {
        while (_to - _from < count)
        {
            if (_from > 0 && _from + count > _buffer.Length)
            {
                _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
                (_from, _to) = (0, _to - _from);
            }

            var read = _file.Read(_buffer.AsSpan(_to));
            if (read == 0)
            {
                return false;
            }

            _to += read;
        }

        return true;
    }
}
