using System.Text;

namespace JobSystem.Cli.Demo;

/// <summary>
/// What one worker did, outside of the broker: a line when a run starts and one when it has ended well. Appended by
/// one write each, so a SIGKILL tears no line; the system keeps what was written.
/// </summary>
internal sealed class Ledger(string file) : IDisposable
{
    private readonly FileStream _file = new(
        file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private readonly Lock _gate = new();
    private bool _closed;

    public void Started(string id) => Append($"{LedgerEntry.StartWord} {id}\n");

    public void Done(string id, string hash) => Append($"{LedgerEntry.DoneWord} {id} {hash}\n");

    /// <summary>As if the process were gone: nothing is written any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private void Append(string line)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _file.Write(Encoding.UTF8.GetBytes(line));
            }
        }
    }
}

/// <summary>One line of a ledger. Pure.</summary>
internal readonly record struct LedgerEntry(string Id, bool IsDone)
{
    public const string StartWord = "start";
    public const string DoneWord = "done";

    /// <summary>Null: it is none.</summary>
    public static LedgerEntry? Parse(string line) => line.Split(' ') switch
    {
        [StartWord, var id] => new(id, false),
        [DoneWord, var id, _] => new(id, true),
        _ => null,
    };
}

/// <summary>Follows a ledger that another process writes: each look brings the whole lines that are new.</summary>
internal sealed class LedgerReader(string file)
{
    private long _read;

    public IEnumerable<LedgerEntry> ReadNew()
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(_read, SeekOrigin.Begin);
        var bytes = new byte[stream.Length - _read];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        _read += whole;
        return Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(LedgerEntry.Parse).OfType<LedgerEntry>();
    }
}
