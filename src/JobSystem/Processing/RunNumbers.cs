namespace JobSystem.Processing;

/// <summary>
/// Numbers the runs of one queue. Made with the runner and kept through its restarts: the mailbox is kept, too, and
/// what a worker told the runner before must name no run that began after.
/// Guarantees: no number comes twice. Not thread-safe: the runner's own.
/// </summary>
internal sealed class RunNumbers
{
    private long _last;

    public long Next() => ++_last;
}
