using System.Text.Json;

namespace JobSystem.Chaos.Reverting;

/// <summary>
/// What is broken now and how it is mended: <c>undo.jsonl</c> in the run's folder, a line before each fault and a line
/// when it has been undone. Promises: a line is on the disk when the call returns, so a fault is never injected that
/// nobody could undo; a torn last line (its writer was killed) harms no other, and is of a fault that was not injected
/// yet. Several processes may write: each line is one append.
/// </summary>
public sealed class RevertJournal : IDisposable
{
    /// <summary>In the run's folder.</summary>
    public const string FileName = "undo.jsonl";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly TimeProvider _clock;

    /// <summary>Opens the journal of a folder, or makes both.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="clock">For the times in it, which are for people; the system's by default.</param>
    public RevertJournal(string folder, TimeProvider? clock = null)
    {
        Directory.CreateDirectory(folder);
        _clock = clock ?? TimeProvider.System;
        var path = Path.Combine(folder, FileName);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (EndsInTheMiddle(path))
        {
            _file.WriteByte((byte)'\n');
        }
    }

    /// <summary>To be called before the fault is injected.</summary>
    /// <param name="number">Of the fault in its run.</param>
    /// <param name="fault">In words.</param>
    /// <param name="limit">How long it may last before the guard undoes it.</param>
    /// <param name="undos">In the order in which they are to be done.</param>
    public void Begin(int number, string fault, TimeSpan limit, IReadOnlyList<Revert> undos) =>
        Append(new RevertRecord.Begin(number, fault, (long)limit.TotalMilliseconds, _clock.GetUtcNow(), undos));

    /// <summary>Nothing of the fault is left.</summary>
    public void Done(int number) => Append(new RevertRecord.Done(number, _clock.GetUtcNow()));

    public void Dispose() => _file.Dispose();

    /// <summary>Whether the folder has a journal: without one nothing was ever broken by it.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>What was begun and not done, newest first.</summary>
    internal static IReadOnlyList<RevertRecord.Begin> Unfinished(string folder)
    {
        var unfinished = new OrderedDictionary<int, RevertRecord.Begin>();
        foreach (var record in Read(folder))
        {
            if (record is RevertRecord.Begin begin)
            {
                unfinished[begin.Number] = begin;
            }
            else if (record is RevertRecord.Done done)
            {
                unfinished.Remove(done.Number);
            }
        }

        return [.. unfinished.Values.Reverse()];
    }

    private static List<RevertRecord> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var lines = new StreamReader(file);
        var records = new List<RevertRecord>();
        while (lines.ReadLine() is { } line)
        {
            if (Parse(line) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    private static RevertRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RevertJson.Default.RevertRecord);
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

    private void Append(RevertRecord record)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, RevertJson.Default.RevertRecord), (byte)'\n'];
        lock (_gate)
        {
            _file.Write(line);
            _file.Flush(flushToDisk: true);
        }
    }
}
