using System.Collections;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// The history that all files of a folder tell together, merged by the machine's monotonic clock. Can be read again
/// and again; memory does not grow with it.
/// </summary>
public sealed class LedgerFolder(string path) : IEnumerable<HistoryEntry>
{
    /// <summary>What makes the history doubtful; known once it has been read to the end.</summary>
    public IReadOnlyList<string> Doubts { get; private set; } = [];

    public IEnumerator<HistoryEntry> GetEnumerator() => Read().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<HistoryEntry> Read()
    {
        var texts = new TextCache();
        var readers = FilesIn(path).Select(file => new LedgerReader(file, texts)).ToList();
        var inspection = new LedgerInspection();
        try
        {
            var next = new PriorityQueue<(LedgerReader Reader, HistoryEvent Event), (long At, int Reader)>();
            for (var index = 0; index < readers.Count; index++)
            {
                Advance(next, readers, index);
            }

            var (number, began) = (0L, next.TryPeek(out _, out var first) ? first.At : 0);
            while (next.TryDequeue(out var head, out var place))
            {
                inspection.Add(head.Event);
                yield return new HistoryEntry(
                    ++number, TimeSpan.FromTicks((place.At - began) / TimeSpan.NanosecondsPerTick), head.Event);
                Advance(next, readers, place.Reader);
            }

            Doubts = inspection.DoubtsOf(readers);
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    internal static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*" + LedgerWriter.Extension).Order(StringComparer.Ordinal);

    private static void Advance(
        PriorityQueue<(LedgerReader, HistoryEvent), (long, int)> next, List<LedgerReader> readers, int index)
    {
        if (readers[index].TryRead(out var at, out var happened))
        {
            next.Enqueue((readers[index], happened), (at, index));
        }
    }
}
