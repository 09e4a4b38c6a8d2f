using JobSystem.Actors;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>One running job, as its runner sees it.</summary>
internal sealed class RunningJob(
    JobKey key, Job job, Lane lane, ActorRef<JobMessage> actor, DateTimeOffset startedAt)
{
    public JobKey Key { get; } = key;

    public Job Job { get; } = job;

    public Lane Lane { get; } = lane;

    public ActorRef<JobMessage> Actor { get; } = actor;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>The consumer of its newest delivery: alive or gone, which decides whether it can be adopted.</summary>
    public required ActorRef<ConsumerMessage> Consumer { get; set; }

    /// <summary>
    /// Further deliveries of the same job: told to its actor, or waiting for its end. What the actor did not settle is
    /// judged anew then. Null: none.
    /// </summary>
    public List<Arrival>? Attached { get; set; }
}

/// <summary>What runs, by job and by actor. A job runner's own.</summary>
internal sealed class RunningJobs
{
    private readonly Dictionary<ActorRef<JobMessage>, RunningJob> _byActor = [];
    private readonly Dictionary<JobKey, List<RunningJob>> _alike = [];
    private readonly Dictionary<JobKey, RunningJob> _unique = [];

    public int Count => _byActor.Count;

    public void Add(RunningJob job)
    {
        _byActor.Add(job.Actor, job);
        if (job.Key.IsUnique)
        {
            _unique[job.Key] = job;
            return;
        }

        if (!_alike.TryGetValue(job.Key, out var alike))
        {
            _alike.Add(job.Key, alike = new List<RunningJob>(1));
        }

        alike.Add(job);
    }

    public RunningJob? Remove(ActorRef<JobMessage> actor)
    {
        if (!_byActor.Remove(actor, out var job))
        {
            return null;
        }

        if (job.Key.IsUnique)
        {
            _unique.Remove(job.Key);
        }
        else if (_alike[job.Key] is var alike && alike.Remove(job) && alike.Count == 0)
        {
            _alike.Remove(job.Key);
        }

        return job;
    }

    /// <summary>
    /// The running job that a delivery belongs to; null when it is one of its own. Ours: the same key. Foreign: only
    /// a redelivery, and only in the place of a delivery whose channel is gone.
    /// </summary>
    public RunningJob? Find(JobKey key, bool redelivered, HashSet<ActorRef<ConsumerMessage>> live)
    {
        if (key.IsUnique)
        {
            return _unique.GetValueOrDefault(key);
        }

        return redelivered && _alike.TryGetValue(key, out var alike)
            ? alike.Find(job => !live.Contains(job.Consumer))
            : null;
    }

    public void TellAll(JobMessage message)
    {
        foreach (var job in _byActor.Values)
        {
            job.Actor.TryTell(message);
        }
    }

    public IReadOnlyList<JobFate> Abandoned(string queue) =>
        [.. _byActor.Values.Select(job => new JobFate(job.Job.Id, job.Job.Type, queue, FateKind.Abandoned))];

    public IReadOnlyList<RunningJobSnapshot> Snapshot(DateTimeOffset now) =>
        [.. _byActor.Values
            .OrderBy(job => job.StartedAt)
            .Select(job => new RunningJobSnapshot(job.Job.Id, job.Job.Type, job.Job.Attempt, now - job.StartedAt))];
}
