using System.Diagnostics;
using JobSystem.Chaos.Verification.Texts;

namespace JobSystem.Chaos.Verification.Histories;

/// <summary>
/// Judges a history: what went in must come out, once if nothing explains more, unchanged, and acked last. Pure: the
/// same for a simulation of a millisecond and for chaos on real brokers. It passes only what it can know.
/// </summary>
public static class HistoryChecker
{
    /// <param name="history">In its order. Read once, and once more for the stories of what is wrong.</param>
    /// <param name="options">Default: nothing is allowed, no fault is required.</param>
    public static Verdict Check(IEnumerable<HistoryEntry> history, CheckOptions? options = null)
    {
        options ??= new CheckOptions();
        var census = new Census();
        foreach (var entry in history)
        {
            census.Add(entry);
        }

        return Judge(census, history, options);
    }

    /// <param name="census">All of the history.</param>
    /// <param name="history">The same history, for the stories of what is wrong.</param>
    /// <param name="options">What is allowed and required.</param>
    internal static Verdict Judge(Census census, IEnumerable<HistoryEntry> history, CheckOptions options)
    {
        var findings = new List<Finding>();
        var tally = new TallyCount();
        foreach (var story in census.Stories)
        {
            var duplicate = UnexplainedDuplicate(story, census, options);
            tally.Add(story, FateOf(story), duplicate is null);
            findings.AddRange(FindingsOf(story, duplicate, census, options));
        }

        var sums = tally.ToTally();
        var doubts = DoubtsOf(census, sums, options);
        if (!options.IsWhole && findings.RemoveAll(RestsOnAbsence) is > 0 and var uncertain)
        {
            doubts.Add($"{uncertain} findings rest on events that may only be missing, and do not count.");
        }

        var kind = findings.Count > 0 ? VerdictKind.Fail
            : doubts.Count > 0 ? VerdictKind.Unknown
            : VerdictKind.Pass;
        return sums.IsBalanced
            ? new Verdict(kind, WithStories(findings, history, options.MaxStories), doubts, sums)
            : throw new UnreachableException($"The checker has miscounted: {sums}.");
    }

    private static IEnumerable<Finding> FindingsOf(
        JobStory story, string? duplicate, Census census, CheckOptions options)
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

        if (duplicate is not null)
        {
            yield return Found(FindingKind.DuplicatedWithoutCause, duplicate);
        }

        if (UnexplainedMessage(story, census, options) is { } unacked)
        {
            yield return Found(FindingKind.Unacked, unacked);
        }

        if (!story.IsFinished && story.DeadLetter is { } reason && !options.AllowsDeadLetter(story.Job, reason))
        {
            yield return Found(FindingKind.DeadLettered, $"it is a dead letter: {KebabCase.Of($"{reason}")}");
        }

        switch (census.IsDrained == true ? FateOf(story) : null)
        {
            case Fate.Stuck:
                yield return Found(FindingKind.Stuck, $"it is confirmed and still in '{story.StillIn}'");
                break;
            case Fate.Lost:
                yield return Found(FindingKind.Lost, "confirmed, but not finished, not a dead letter and in no queue");
                break;
        }

        Finding Found(FindingKind kind, string evidence) => new(kind, story.Job, evidence, []);
    }

    /// <summary>One more event could clear it: an effect, an intent, a cause.</summary>
    private static bool RestsOnAbsence(Finding finding) =>
        finding.Kind is not (FindingKind.Phantom or FindingKind.Corrupt);

    /// <summary>
    /// A second effect needs a cause. After a run that failed later, that is it. In the same life of the same worker
    /// there is no other: it knows what it has finished, unless the message is foreign, or the crash of an actor cost
    /// it that between the two runs. In another worker something must have happened before the later of the two runs
    /// began; the run that began first may well end last (its process was frozen).
    /// </summary>
    private static string? UnexplainedDuplicate(JobStory story, Census census, CheckOptions options)
    {
        if (story.Runs.Count < 2)
        {
            return null;
        }

        RunStory? first = null;
        foreach (var second in story.Runs.Where(run => run.EffectAt is not null).OrderBy(run => run.StartedAt))
        {
            if (first is { HasFailed: false })
            {
                if (first.Id.Worker == second.Id.Worker && !story.IsForeign
                    && !census.HasForgotten(second.Id.Worker, first.StartedAt, second.StartedAt))
                {
                    return $"{first.Id} had finished it, and the same worker finished it again as {second.Id}";
                }

                if (!options.FaultsExplainDuplicates
                    || !census.HasExcuse(story.IntendedAt ?? 0, second.StartedAt))
                {
                    return $"{first.Id} finished it, nothing happened, and {second.Id} finished it again";
                }
            }

            first = second;
        }

        return null;
    }

    /// <summary>
    /// A message of a finished job that is still in a queue would be run again. It needs the same cause as a second
    /// effect: something between the enqueue and the look at the queue.
    /// </summary>
    private static string? UnexplainedMessage(JobStory story, Census census, CheckOptions options) =>
        story is { IsFinished: true, StillIn: { } queue }
        && !(options.FaultsExplainDuplicates && census.HasExcuse(story.IntendedAt ?? 0, long.MaxValue))
            ? $"it is finished, nothing happened, and its message is still in '{queue}': it was never acked"
            : null;

    private static Fate? FateOf(JobStory story) => story switch
    {
        { Answer: not EnqueueAnswer.Confirmed } or { IntendedAt: null } => null,
        { IsFinished: true } => Fate.Finished,
        { DeadLetter: not null } => Fate.DeadLettered,
        { IsDestroyed: true } => Fate.Destroyed,
        { StillIn: not null } => Fate.Stuck,
        _ => Fate.Lost,
    };

    private static List<string> DoubtsOf(Census census, Tally tally, CheckOptions options)
    {
        var doubts = new List<string>(options.Doubts);
        if (census.IsDrained != true)
        {
            doubts.Add("The queues were not searched to the end, so what is missing is unknown.");
        }

        if (tally.Confirmed < options.MinConfirmed)
        {
            doubts.Add(
                $"Only {tally.Confirmed} jobs were confirmed; it takes {options.MinConfirmed} to prove anything.");
        }

        doubts.AddRange(options.MustHappen.Where(name => !census.Happened.Contains(name))
            .Select(name => $"The fault '{name}' never took effect."));
        doubts.AddRange(census.Failures.Select(
            failed => $"Fault {failed.Fault} could not be {WordOf(failed.Step)}: {failed.Why}"));
        return doubts;
    }

    private static string WordOf(FaultStep step) => step switch
    {
        FaultStep.Inject => "injected",
        FaultStep.Prove => "seen to take effect",
        _ => "reverted",
    };

    /// <summary>The whole life of the first jobs that are wrong: of one of each kind at least, then the worst kinds
    /// first.</summary>
    private static List<Finding> WithStories(
        List<Finding> findings, IEnumerable<HistoryEntry> history, int maxStories)
    {
        if (findings.Count == 0)
        {
            return findings;
        }

        findings.Sort(static (one, other) => (one.Kind, one.Job.Value).CompareTo((other.Kind, other.Job.Value)));
        var ofEachKind = findings.DistinctBy(finding => finding.Kind);
        var stories = JobLives.Of(
            history, ofEachKind.Concat(findings).Select(finding => finding.Job).Distinct().Take(maxStories));
        return [.. findings.Select(
            finding => stories.TryGetValue(finding.Job, out var story) ? finding with { Story = story } : finding)];
    }
}
