using System.IO.Hashing;

namespace JobSystem.Chaos.Verification.Histories;

/// <summary>
/// All that happened, in order; only ever added to, from any thread. It knows nothing of right and wrong: that is
/// <see cref="HistoryChecker"/>.
/// </summary>
public sealed class JobHistory(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<HistoryEntry> _entries = [];
    private readonly long _began = clock.GetTimestamp();

    /// <summary>A copy of all so far.</summary>
    public IReadOnlyList<HistoryEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(HistoryEvent happened)
    {
        lock (_gate)
        {
            _entries.Add(new HistoryEntry(_entries.Count + 1, clock.GetElapsedTime(_began), happened));
        }
    }

    /// <summary>XXH3 of a payload: the same on every machine.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> body) => XxHash3.HashToUInt64(body);
}

/// <summary>One line of a history.</summary>
/// <param name="Number">Its place, from 1; the order that counts.</param>
/// <param name="At">Since the beginning; for people.</param>
/// <param name="Event">What happened.</param>
public readonly record struct HistoryEntry(long Number, TimeSpan At, HistoryEvent Event)
{
    public override string ToString() => $"{At:hh\\:mm\\:ss\\.fff} {Event}";
}
