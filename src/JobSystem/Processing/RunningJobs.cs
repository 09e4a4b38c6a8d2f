using JobSystem.Actors;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>One running job, with every delivery of it that is not settled. Its runner's own.</summary>
internal sealed class RunningJob(int slot, long run, JobKey key, Arrival first, DateTimeOffset startedAt)
{
    private List<Arrival>? _further;

    public int Slot => slot;

    public long Run => run;

    public JobKey Key => key;

    public Job Job => first.Delivery.Job;

    public Lane Lane => first.Lane;

    /// <summary>It has ended and cannot be moved: others may use its slot's share of the queue.</summary>
    public bool IsStuck { get; set; }

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>The consumer of its newest delivery: alive or gone, which decides whether it can be adopted.</summary>
    public Ref<ConsumerMessage> Consumer { get; private set; } = first.Consumer;

    /// <summary>Its message came again. A later message of the same job waits for the end of the run.</summary>
    /// <returns>True: the run settles this delivery, too.</returns>
    public bool Attach(Arrival arrival, HashSet<Ref<ConsumerMessage>> live)
    {
        _further ??= [];
        _further.RemoveAll(earlier => !live.Contains(earlier.Consumer));
        _further.Add(arrival);
        if (!IsAdopted(arrival))
        {
            return false; // it may be the successor that this very run has published
        }

        Consumer = arrival.Consumer;
        return true;
    }

    /// <summary>The delivery that it was started for.</summary>
    public Arrival First => first;

    /// <summary>The further deliveries that end with the run.</summary>
    public IEnumerable<Arrival> Adopted => _further is null ? [] : _further.Where(IsAdopted);

    /// <summary>The deliveries of later messages of the same job: to be judged again when it has ended.</summary>
    public IReadOnlyList<Arrival> Later => _further is null ? [] : [.. _further.Where(arrival => !IsAdopted(arrival))];

    private bool IsAdopted(Arrival arrival) => arrival.Delivery.Job.Epoch <= Job.Epoch;
}

/// <summary>What runs, by job and by slot. A job runner's own.</summary>
internal sealed class RunningJobs
{
    private readonly Dictionary<int, RunningJob> _bySlot = [];
    private readonly Dictionary<JobKey, List<RunningJob>> _alike = [];
    private readonly Dictionary<JobKey, RunningJob> _unique = [];

    public int Count => _bySlot.Count;

    public IEnumerable<RunningJob> All => _bySlot.Values;

    public void Add(RunningJob job)
    {
        _bySlot.Add(job.Slot, job);
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

    /// <summary>Null: this run has ended before.</summary>
    public RunningJob? Find(int slot, long run) =>
        _bySlot.TryGetValue(slot, out var job) && job.Run == run ? job : null;

    /// <inheritdoc cref="Find(int, long)"/>
    public RunningJob? Remove(int slot, long run)
    {
        if (Find(slot, run) is not { } job)
        {
            return null;
        }

        _bySlot.Remove(slot);
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
    public RunningJob? Find(JobKey key, bool redelivered, HashSet<Ref<ConsumerMessage>> live)
    {
        if (key.IsUnique)
        {
            return _unique.GetValueOrDefault(key);
        }

        return redelivered && _alike.TryGetValue(key, out var alike) ? Orphan(alike, live) : null;
    }

    private static RunningJob? Orphan(List<RunningJob> alike, HashSet<Ref<ConsumerMessage>> live) =>
        alike.Find(job => !live.Contains(job.Consumer));

    public IReadOnlyList<JobFate> Abandoned(string queue) =>
        [.. All.Select(job => new JobFate(job.Job.Id, job.Job.Type, queue, FateKind.Abandoned))];

    public IReadOnlyList<RunningJobSnapshot> Snapshot(DateTimeOffset now) =>
        [.. All
            .OrderBy(job => job.StartedAt)
            .Select(job => new RunningJobSnapshot(job.Job.Id, job.Job.Type, job.Job.Attempt, now - job.StartedAt))];
}
