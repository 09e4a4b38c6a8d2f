namespace JobSystem.Chaos.Verification.Histories;

/// <summary>What became of a confirmed job.</summary>
internal enum Fate
{
    Finished,
    DeadLettered,
    Destroyed,
    Stuck,
    Lost,
}

/// <summary>Counts stories into a <see cref="Tally"/>.</summary>
internal sealed class TallyCount
{
    private readonly int[] _fates = new int[Enum.GetValues<Fate>().Length];
    private int _intended;
    private int _confirmed;
    private int _rejected;
    private int _recovered;
    private int _duplicated;
    private int _zombies;

    /// <param name="story">A job.</param>
    /// <param name="fate">Null: it is not confirmed.</param>
    /// <param name="isExplained">False: it was finished more often than what happened explains.</param>
    public void Add(JobStory story, Fate? fate, bool isExplained)
    {
        if (isExplained && story.Runs.Count > 1 && story.Effects.Skip(1).Any())
        {
            _duplicated++;
        }

        _zombies += HasZombie(story) ? 1 : 0;
        if (story.IntendedAt is null)
        {
            return;
        }

        _intended++;
        _confirmed += story.Answer == EnqueueAnswer.Confirmed ? 1 : 0;
        _rejected += story.Answer == EnqueueAnswer.Rejected ? 1 : 0;
        _recovered += story.Answer is EnqueueAnswer.None or EnqueueAnswer.Unknown && story.WasSeen ? 1 : 0;
        if (fate is { } certain)
        {
            _fates[(int)certain]++;
        }
    }

    public Tally ToTally() => new()
    {
        Intended = _intended,
        Confirmed = _confirmed,
        Rejected = _rejected,
        Unknown = _intended - _confirmed - _rejected,
        Recovered = _recovered,
        DuplicatedWithCause = _duplicated,
        Zombies = _zombies,
        Finished = _fates[(int)Fate.Finished],
        DeadLettered = _fates[(int)Fate.DeadLettered],
        Destroyed = _fates[(int)Fate.Destroyed],
        Stuck = _fates[(int)Fate.Stuck],
        Lost = _fates[(int)Fate.Lost],
    };

    /// <summary>A run did the work although another, begun later in another worker, had done it already.</summary>
    private static bool HasZombie(JobStory story)
    {
        if (story.Runs.Count < 2)
        {
            return false;
        }

        RunStory? before = null;
        foreach (var run in story.Effects)
        {
            if (before is not null && run.StartedAt < before.StartedAt && run.Id.Worker != before.Id.Worker)
            {
                return true;
            }

            before = run;
        }

        return false;
    }
}
