namespace JobSystem.Chaos.Verification.Histories;

/// <summary>
/// The lives of chosen jobs, looked up in a history in one pass: what happened to the job itself, and how a worker
/// ended that had it in hand. Pure.
/// </summary>
internal sealed class JobLives
{
    private readonly Dictionary<JobId, List<HistoryEntry>> _lives;
    private readonly Dictionary<string, HashSet<JobId>> _inHand = new(StringComparer.Ordinal);
    private readonly HashSet<JobId> _done = [];
    private readonly HashSet<JobId> _settled = [];
    private readonly Dictionary<JobId, HistoryEntry> _perhaps = [];

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
                if (_perhaps.Remove(job, out var death))
                {
                    life.Add(death);
                }

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

    /// <summary>A job is settled when the work is done and the message acked. An ack is told before it is sent, so it
    /// may be lost with the worker: then the job has a further life, and the death belongs to it.</summary>
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
                _settled.Remove(job);
                break;
            case HistoryEvent.EffectDone or HistoryEvent.RunFailed:
                _done.Add(job);
                break;
            case HistoryEvent.MessageAcked when _done.Contains(job):
                _settled.Add(job);
                break;
        }
    }

    private void End(string worker, in HistoryEntry entry)
    {
        if (_inHand.Remove(worker, out var jobs))
        {
            foreach (var job in jobs)
            {
                if (_settled.Contains(job))
                {
                    _perhaps[job] = entry;
                }
                else
                {
                    _lives[job].Add(entry);
                }
            }
        }
    }
}
