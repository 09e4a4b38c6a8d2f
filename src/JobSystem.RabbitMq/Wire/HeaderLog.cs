using Microsoft.Extensions.Logging;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// Logs ignored headers, at most one line a minute for each name and for 32 names: a sender that makes the
/// same mistake twenty thousand times a second must not fill the disk.
/// </summary>
internal sealed class HeaderLog(ILogger logger, TimeProvider clock) : IHeaderListener
{
    private const int MaxNames = 32;
    private const int MaxNameLength = 100;

    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public void Ignored(string header, string why)
    {
        var name = header.Length <= MaxNameLength ? header : header[..MaxNameLength];
        int suppressed;
        lock (_gate)
        {
            if (!_seen.TryGetValue(name, out var seen))
            {
                if (_seen.Count == MaxNames)
                {
                    return;
                }

                _seen[name] = seen = new Seen();
            }
            else if (clock.GetElapsedTime(seen.LoggedAt) < _interval)
            {
                seen.Suppressed++;
                return;
            }

            suppressed = seen.Suppressed;
            (seen.LoggedAt, seen.Suppressed) = (clock.GetTimestamp(), 0);
        }

        Log.IgnoredHeader(logger, name, why, suppressed);
    }

    private sealed class Seen
    {
        public long LoggedAt;
        public int Suppressed;
    }
}
