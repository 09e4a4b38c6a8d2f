using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>A job whose life is worth telling although nothing is wrong with it.</summary>
/// <param name="Class">Why it was chosen: <c>slowest</c>, <c>finished more than once</c>.</param>
/// <param name="Job">Which.</param>
/// <param name="Evidence">What is remarkable, in words.</param>
/// <param name="Story">Its life.</param>
public sealed record ToldJob(string Class, JobId Job, string Evidence, IReadOnlyList<HistoryEntry> Story)
{
    /// <summary>Of each class.</summary>
    internal const int Max = 5;

    /// <summary>The slowest jobs, and those that were finished more than once.</summary>
    /// <param name="timeline">Knows the slowest.</param>
    /// <param name="census">Knows who was finished how often.</param>
    /// <param name="history">The same history, for the lives.</param>
    internal static IReadOnlyList<ToldJob> Of(Timeline timeline, Census census, IEnumerable<HistoryEntry> history)
    {
        List<(string Class, JobId Job, string Evidence)> chosen =
        [
            .. timeline.Slowest.Select(slow => (
                "slowest", slow.Job, $"{(slow.IsFinished ? "finished" : "not finished")} {StageText.Of(slow.Took)} " +
                $"after it was due at {StageText.At(slow.DueAt)}")),
            .. census.Stories.Where(story => story.Effects.Skip(1).Any())
                .OrderBy(story => story.IntendedAt).Take(Max)
                .Select(story => (
                    "finished more than once", story.Job, $"finished {story.Effects.Count()} times, by " +
                    string.Join(", ", story.Effects.Select(run => run.Id.Worker).Distinct()))),
        ];
        var lives = JobLives.Of(history, chosen.Select(each => each.Job));
        return [.. chosen.Select(each => new ToldJob(each.Class, each.Job, each.Evidence, lives[each.Job]))];
    }
}

/// <summary>One of the slowest jobs of a run.</summary>
/// <param name="Job">Which.</param>
/// <param name="DueAt">When it was to be enqueued.</param>
/// <param name="Took">From then to its first effect, or to the end of the run.</param>
/// <param name="IsFinished">It had an effect.</param>
public readonly record struct SlowJob(JobId Job, TimeSpan DueAt, TimeSpan Took, bool IsFinished);
