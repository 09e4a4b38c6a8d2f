using Microsoft.Extensions.Logging;

namespace JobSystem.Terminal.Output;

/// <summary>
/// Keeps a log readable while something is wrong for long: the same warning again (only its durations differ) is
/// written at most every five seconds, with the number of those in between. Pure but for its memory, which is bounded.
/// Not thread-safe: the log's own thread.
/// </summary>
internal sealed class Repeats
{
    private const int MaxRemembered = 256;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (DateTimeOffset Written, int Held)> _last = new(StringComparer.Ordinal);

    /// <summary>The entry to be written; null: it is held back.</summary>
    public LogEntry? Pass(LogEntry entry)
    {
        if (entry.Level < LogLevel.Warning || entry.Error is not null)
        {
            return entry;
        }

        var key = KeyOf(entry);
        if (_last.TryGetValue(key, out var last) && entry.Time - last.Written < _pause)
        {
            _last[key] = last with { Held = last.Held + 1 };
            return null;
        }

        if (_last.Count >= MaxRemembered)
        {
            _last.Clear();
        }

        _last[key] = (entry.Time, 0);
        return last.Held == 0 ? entry : entry with { Message = $"{entry.Message} (And {last.Held} like it since.)" };
    }

    private static string KeyOf(LogEntry entry) => $"{entry.Event.Id} " + string.Join('|', entry.Values
        .Where(static value => value.Value is not TimeSpan)
        .Select(static value => value.Value));
}
