namespace JobSystem.Chaos.Faults.Workers;

/// <summary>
/// How often the tree of actors of each process was made to start anew. A process whose tree starts anew more than ten
/// times in a minute ends, as it should: faults that must not end it stay below that.
/// </summary>
public sealed class RestartAccount
{
    // Below the guardian's ten in a minute: what a crash draws after it may cost a restart, too.
    private const int Max = 8;
    private static readonly TimeSpan _within = TimeSpan.FromSeconds(65);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _spent = new(StringComparer.Ordinal);

    /// <param name="process">One life of it.</param>
    /// <param name="now">The time.</param>
    public bool HasRoom(string process, DateTimeOffset now)
    {
        lock (_gate)
        {
            return !_spent.TryGetValue(process, out var times) || times.Count(time => now - time < _within) < Max;
        }
    }

    /// <summary>Its tree has just started anew once more.</summary>
    public void Spend(string process, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_spent.TryGetValue(process, out var times))
            {
                _spent.Add(process, times = new Queue<DateTimeOffset>());
            }

            times.Enqueue(now);
            while (times.Count > Max)
            {
                times.Dequeue();
            }
        }
    }
}
