namespace JobSystem.Chaos.Histories;

/// <summary>
/// The lives of chosen jobs, looked up in a history in one pass: what happened to the job itself, and how a worker
/// ended that had it in hand. Pure.
/// </summary>
internal sealed class JobLives
{
    private readonly Dictionary<JobId, List<HistoryEntry>> _lives;
    private readonly Dictionary<string, HashSet<JobId>> _inHand = new(StringComparer.Ordinal);
    private readonly HashSet<JobId> _done = [];

    private JobLives(IEnumerable<JobId> jobs) =>
        _lives = jobs.Distinct().ToDictionary(job => job, _ => new List<HistoryEntry>());

    /// <param name="history">In its order; read once, and not at all where nothing was chosen.</param>
    /// <param name="jobs">Whose lives.</param>
    public static IReadOnlyDictionary<JobId, List<HistoryEntry>> Of(
        IEnumerable<HistoryEntry> history, IEnumerable<JobId> jobs)
    {
        var lives = new JobLives(jobs);
        foreach (var entry in lives._lives.Count == 0 ? [] : history)
        {
            lives.Add(entry);
        }

        return lives._lives;
    }

    private void Add(in HistoryEntry entry)
    {
        switch (entry.Event)
        {
            case HistoryEvent.OfJob { Job: var job } when _lives.TryGetValue(job, out var life):
                life.Add(entry);
                Follow(job, entry.Event);
                break;
            case HistoryEvent.WorkerKilled killed:
                End(killed.Worker, entry);
                break;
            case HistoryEvent.WorkerStopped stopped:
                End(stopped.Worker, entry);
                break;
        }
    }

    /// <summary>A worker has a job in hand until the work is done and the message acked: one that is killed between
    /// the two is why a job is finished twice, and one that acked first is why it is lost.</summary>
    private void Follow(JobId job, HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.RunStarted started:
                if (!_inHand.TryGetValue(started.Run.Worker, out var jobs))
                {
                    _inHand.Add(started.Run.Worker, jobs = []);
                }

                jobs.Add(job);
                _done.Remove(job);
                break;
            case HistoryEvent.EffectDone or HistoryEvent.RunFailed:
                _done.Add(job);
                break;
            case HistoryEvent.MessageAcked when _done.Contains(job):
                foreach (var held in _inHand.Values)
                {
                    held.Remove(job);
                }

                break;
        }
    }

    private void End(string worker, in HistoryEntry entry)
    {
        if (_inHand.Remove(worker, out var jobs))
        {
            foreach (var job in jobs)
            {
                _lives[job].Add(entry);
            }
        }
    }
}
