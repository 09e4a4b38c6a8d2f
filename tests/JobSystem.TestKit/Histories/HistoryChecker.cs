using System.Diagnostics;

namespace JobSystem.TestKit.Histories;

/// <summary>What a history must show beside being right, and what is allowed in it.</summary>
public sealed record CheckOptions
{
    /// <summary>Fewer confirmed jobs prove nothing. Default 1.</summary>
    public int MinConfirmed { get; init; } = 1;

    /// <summary>Which dead letters are right. Default: none.</summary>
    public Func<JobId, FailureReason, bool> AllowsDeadLetter { get; init; } = (_, _) => false;

    /// <summary>False: nothing that happens may make a job finish twice (an orderly deploy). Default true.</summary>
    public bool FaultsExplainDuplicates { get; init; } = true;

    /// <summary>Faults that must have taken effect, by name: an experiment without its fault proves nothing.</summary>
    public IReadOnlyList<string> MustHappen { get; init; } = [];
}

/// <summary>
/// Judges a history: what went in must come out, once if nothing explains more, unchanged, and acked last. Pure: the
/// same for a simulation of a millisecond and for chaos on real brokers. It passes only what it can know.
/// </summary>
public static class HistoryChecker
{
    public static Verdict Check(IReadOnlyList<HistoryEntry> history, CheckOptions? options = null)
    {
        options ??= new CheckOptions();
        var stories = Fold(history);
        var excuses = history
            .Where(entry => options.FaultsExplainDuplicates)
            .Where(entry => entry.Event is HistoryEvent.WorkerKilled or HistoryEvent.ConnectionLost
                or HistoryEvent.FaultHappened)
            .Select(entry => entry.Number)
            .ToList();
        var isDrained = history.LastOrDefault(entry => entry.Event is HistoryEvent.Drained).Event
            is HistoryEvent.Drained { IsComplete: true };
        var findings = stories.SelectMany(story => Judge(story, excuses, isDrained, options)).ToList();
        var tally = Count(stories, excuses);
        var doubts = DoubtsOf(history, tally, isDrained, options);
        var kind = findings.Count > 0 ? VerdictKind.Fail
            : doubts.Count > 0 ? VerdictKind.Unknown
            : VerdictKind.Pass;
        return tally.IsBalanced
            ? new Verdict(kind, findings, doubts, tally)
            : throw new UnreachableException($"The checker has miscounted: {tally}.");
    }

    private static List<JobStory> Fold(IReadOnlyList<HistoryEntry> history)
    {
        var stories = new Dictionary<JobId, JobStory>();
        foreach (var entry in history)
        {
            if (entry.Event is not HistoryEvent.OfJob { Job: var job })
            {
                continue;
            }

            if (!stories.TryGetValue(job, out var story))
            {
                stories.Add(job, story = new JobStory(job));
            }

            story.Add(entry);
        }

        return [.. stories.Values];
    }

    private static IEnumerable<Finding> Judge(
        JobStory story, List<long> excuses, bool isDrained, CheckOptions options)
    {
        if (story.IntendedAt is null)
        {
            yield return Found(FindingKind.Unexpected, "nobody had enqueued it");
            yield break;
        }

        if (story.Answer == EnqueueAnswer.Rejected && story.WasSeen)
        {
            yield return Found(FindingKind.Phantom, "its enqueue was rejected, yet it is there");
        }

        if (story.Runs.FirstOrDefault(run => run.BodyHash is { } hash && hash != story.BodyHash) is { } corrupt)
        {
            yield return Found(FindingKind.Corrupt, $"the run {corrupt.Id} read another payload");
        }

        if (story.EarlyAck is { } early)
        {
            yield return Found(FindingKind.EarlyAck, early);
        }

        if (UnexplainedDuplicate(story, excuses) is { } duplicate)
        {
            yield return Found(FindingKind.DuplicatedWithoutCause, duplicate);
        }

        if (!story.IsFinished && story.DeadLetter is { } reason && !options.AllowsDeadLetter(story.Job, reason))
        {
            yield return Found(FindingKind.DeadLettered, $"it is a dead letter: {reason}");
        }

        switch (isDrained ? FateOf(story) : null)
        {
            case Fate.Stuck:
                yield return Found(FindingKind.Stuck, $"it is confirmed and still in '{story.StillIn}'");
                break;
            case Fate.Lost:
                yield return Found(FindingKind.Lost, "it is confirmed, but neither finished nor anywhere");
                break;
        }

        Finding Found(FindingKind kind, string evidence) => new(kind, story.Job, evidence, story.Entries);
    }

    /// <summary>
    /// A second effect needs a cause. After a run that failed later, that is it. In the same life of the same worker
    /// there is no other: it knows what it has finished, unless the message is foreign. In another worker something
    /// must have happened before.
    /// </summary>
    private static string? UnexplainedDuplicate(JobStory story, List<long> excuses)
    {
        RunStory? first = null;
        foreach (var effect in story.Effects)
        {
            if (first is { HasFailed: false })
            {
                if (first.Id.Worker == effect.Id.Worker && !story.IsForeign)
                {
                    return $"{first.Id} had finished it, and the same worker finished it again as {effect.Id}";
                }

                if (!excuses.Exists(number => number > story.IntendedAt && number < effect.StartedAt))
                {
                    return $"{first.Id} had finished it, nothing happened, and {effect.Id} finished it again";
                }
            }

            first = effect;
        }

        return null;
    }

    private static Fate? FateOf(JobStory story) => story switch
    {
        { Answer: not EnqueueAnswer.Confirmed } or { IntendedAt: null } => null,
        { IsFinished: true } => Fate.Finished,
        { DeadLetter: not null } => Fate.DeadLettered,
        { IsDestroyed: true } => Fate.Destroyed,
        { StillIn: not null } => Fate.Stuck,
        _ => Fate.Lost,
    };

    private static Tally Count(List<JobStory> stories, List<long> excuses)
    {
        var intended = stories.Where(story => story.IntendedAt is not null).ToList();
        var unknown = intended.Where(story => story.Answer is EnqueueAnswer.None or EnqueueAnswer.Unknown).ToList();
        return new Tally
        {
            Intended = intended.Count,
            Confirmed = intended.Count(story => story.Answer == EnqueueAnswer.Confirmed),
            Rejected = intended.Count(story => story.Answer == EnqueueAnswer.Rejected),
            Unknown = unknown.Count,
            Recovered = unknown.Count(story => story.WasSeen),
            DuplicatedWithCause = stories.Count(
                story => story.Effects.Skip(1).Any() && UnexplainedDuplicate(story, excuses) is null),
            Finished = CountOf(Fate.Finished),
            DeadLettered = CountOf(Fate.DeadLettered),
            Destroyed = CountOf(Fate.Destroyed),
            Stuck = CountOf(Fate.Stuck),
            Lost = CountOf(Fate.Lost),
        };

        int CountOf(Fate fate) => intended.Count(story => FateOf(story) == fate);
    }

    private static List<string> DoubtsOf(
        IReadOnlyList<HistoryEntry> history, Tally tally, bool isDrained, CheckOptions options)
    {
        var doubts = new List<string>();
        if (!isDrained)
        {
            doubts.Add("The queues were not looked through to the end, so nobody knows what is missing.");
        }

        if (tally.Confirmed < options.MinConfirmed)
        {
            doubts.Add($"Only {tally.Confirmed} jobs were confirmed; {options.MinConfirmed} would prove something.");
        }

        var happened = history.Select(entry => entry.Event).OfType<HistoryEvent.FaultHappened>()
            .Select(fault => fault.Name).ToHashSet(StringComparer.Ordinal);
        doubts.AddRange(options.MustHappen.Where(name => !happened.Contains(name))
            .Select(name => $"The fault '{name}' never took effect."));
        return doubts;
    }

    private enum Fate
    {
        Finished,
        DeadLettered,
        Destroyed,
        Stuck,
        Lost,
    }
}
