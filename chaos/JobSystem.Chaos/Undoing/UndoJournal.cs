using System.Text.Json;

namespace JobSystem.Chaos.Undoing;

/// <summary>
/// What is broken now and how it is mended: <c>undo.jsonl</c> in the run's folder, a line before each fault and a line
/// when it has been undone. Promises: a line is on the disk when the call returns, so a fault is never injected that
/// nobody could undo; a torn last line (its writer was killed) harms no other, and is of a fault that was not injected
/// yet. Several processes may write: each line is one append.
/// </summary>
public sealed class UndoJournal : IDisposable
{
    /// <summary>In the run's folder.</summary>
    public const string FileName = "undo.jsonl";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private int _lastId;

    private UndoJournal(FileStream file, int lastId, TimeProvider clock) =>
        (_file, _lastId, _clock) = (file, lastId, clock);

    /// <summary>Opens the journal of a folder, or makes both.</summary>
    public static UndoJournal Open(string folder, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        var lastId = Read(folder).Select(record => record is UndoRecord.Begin begin ? begin.Id : 0)
            .DefaultIfEmpty(0).Max();
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (EndsInTheMiddle(path))
        {
            file.WriteByte((byte)'\n');
        }

        return new UndoJournal(file, lastId, clock);
    }

    /// <summary>To be called before the fault is injected.</summary>
    /// <param name="fault">In words, with its victim.</param>
    /// <param name="limit">How long it may last before the guard undoes it.</param>
    /// <param name="undos">In the order in which they are to be done.</param>
    /// <returns>What <see cref="Done"/> needs.</returns>
    public int Begin(string fault, TimeSpan limit, IReadOnlyList<Undo> undos)
    {
        lock (_gate)
        {
            var id = ++_lastId;
            Append(new UndoRecord.Begin(id, fault, (long)limit.TotalMilliseconds, _clock.GetUtcNow(), undos));
            return id;
        }
    }

    /// <summary>Nothing of the fault is left.</summary>
    public void Done(int id)
    {
        lock (_gate)
        {
            Append(new UndoRecord.Done(id, _clock.GetUtcNow()));
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What was begun and not done, newest first.</summary>
    internal static IReadOnlyList<UndoRecord.Begin> Unfinished(string folder)
    {
        var unfinished = new SortedDictionary<int, UndoRecord.Begin>();
        foreach (var record in Read(folder))
        {
            if (record is UndoRecord.Begin begin)
            {
                unfinished[begin.Id] = begin;
            }
            else if (record is UndoRecord.Done done)
            {
                unfinished.Remove(done.Id);
            }
        }

        return [.. unfinished.Values.Reverse()];
    }

    private static List<UndoRecord> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var lines = new StreamReader(file);
        var records = new List<UndoRecord>();
        while (lines.ReadLine() is { } line)
        {
            if (Parse(line) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    private static UndoRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, UndoJson.Default.UndoRecord);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return null; // torn
        }
    }

    private static bool EndsInTheMiddle(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private void Append(UndoRecord record)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, UndoJson.Default.UndoRecord), (byte)'\n'];
        _file.Write(line);
        _file.Flush(flushToDisk: true);
    }
}
