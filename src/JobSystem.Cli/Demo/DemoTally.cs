namespace JobSystem.Cli.Demo;

/// <summary>
/// The books of a demo: what the broker confirmed against what the workers' ledgers say. Not thread-safe.
/// </summary>
internal sealed class DemoTally
{
    private readonly HashSet<string> _confirmed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _started = new(StringComparer.Ordinal);
    private readonly HashSet<string> _finished = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dead = new(StringComparer.Ordinal);

    public int Confirmed => _confirmed.Count;

    /// <summary>Of the confirmed ones.</summary>
    public int Finished => _confirmed.Count(_finished.Contains);

    /// <summary>Jobs that were started more than once.</summary>
    public int RunTwice => _started.Values.Count(static count => count > 1);

    public int DeadLetters => _dead.Count;

    /// <summary>Confirmed, and neither finished nor a dead letter.</summary>
    public int Missing => _confirmed.Count(id => !_finished.Contains(id) && !_dead.Contains(id));

    public void Confirm(string id) => _confirmed.Add(id);

    public void Bury(string id) => _dead.Add(id);

    public void Count(LedgerEntry entry)
    {
        if (entry.IsDone)
        {
            _finished.Add(entry.Id);
        }
        else
        {
            _started[entry.Id] = _started.GetValueOrDefault(entry.Id) + 1;
        }
    }
}
