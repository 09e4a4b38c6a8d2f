using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// Follows the files of a run while it is under way and counts. Not for the verdict: events of several files come in
/// no order here.
/// </summary>
internal sealed class LedgerTail(string path) : IDisposable
{
    private readonly Dictionary<string, LedgerReader> _readers = new(StringComparer.Ordinal);
    private readonly TextCache _texts = new();

    public Census Census { get; } = new(forgets: true);

    /// <summary>May be asked on any thread.</summary>
    public RecentLatencies Recent { get; } = new();

    /// <summary>Reads all that is there now.</summary>
    public void Poll()
    {
        foreach (var file in LedgerFolder.FilesIn(path))
        {
            if (!_readers.TryGetValue(file, out var reader))
            {
                _readers.Add(file, reader = new LedgerReader(file, _texts));
            }

            while (reader.TryRead(out var nanoseconds, out var happened))
            {
                var entry = new HistoryEntry(
                    nanoseconds, TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick), happened);
                Census.Add(entry);
                Recent.Add(entry);
            }
        }

        Recent.EndOfRound();
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
        {
            reader.Dispose();
        }
    }
}
