using System.Runtime.InteropServices;

namespace JobSystem.Chaos.Verification.Histories;

/// <summary>
/// A history folded event by event: one story a job, the faults and how the run ended. Grows with the jobs, not with
/// the events, and can be asked at any time what is still open; so the live view and the judge count alike.
/// </summary>
/// <param name="forgets">
/// A job that is confirmed and has come to its end is dropped: memory grows with what is open, not with the run; the
/// counts are right, what was seen of one job is not kept. A job that is done again then counts as another.
/// </param>
internal sealed class Census(bool forgets = false)
{
    private readonly Dictionary<JobId, JobStory> _stories = [];
    private readonly List<Excuse> _excuses = [];
    private readonly Dictionary<string, List<long>> _losses = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _openFaults = [];
    private readonly HashSet<string> _happened = new(StringComparer.Ordinal);
    private readonly List<HistoryEvent.FaultFailed> _failures = [];

    public IReadOnlyCollection<JobStory> Stories => _stories.Values;

    /// <summary>Names of the faults that took effect.</summary>
    public IReadOnlySet<string> Happened => _happened;

    public IReadOnlyList<HistoryEvent.FaultFailed> Failures => _failures;

    /// <summary>Null: the history has no end.</summary>
    public bool? IsDrained { get; private set; }

    /// <summary>Jobs that are confirmed.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Jobs that are confirmed and have come to no end yet.</summary>
    public int Open { get; private set; }

    /// <summary>Jobs whose work is done, confirmed or not.</summary>
    public int Finished { get; private set; }

    /// <summary>Runs that did the work of a job; more than <see cref="Finished"/> where work was done twice.</summary>
    public int Effects { get; private set; }

    /// <summary>Enqueues that were given up on without an answer.</summary>
    public int Unknown { get; private set; }

    public void Add(in HistoryEntry entry)
    {
        switch (entry.Event)
        {
            case HistoryEvent.RunStarted or HistoryEvent.RunFailed or HistoryEvent.MessageAcked when forgets:
                break; // they change no count, and would bring back what is forgotten
            case HistoryEvent.OfJob ofJob:
                AddTo(StoryOf(ofJob.Job), entry);
                break;
            case HistoryEvent.FaultInjected injected:
                _openFaults[injected.Fault] = _excuses.Count;
                _excuses.Add(new Excuse(entry.Number, long.MaxValue));
                break;
            case HistoryEvent.FaultHappened happened:
                _happened.Add(happened.Name);
                _excuses.Add(new Excuse(entry.Number, entry.Number));
                break;
            case HistoryEvent.FaultHealed healed when _openFaults.Remove(healed.Fault, out var index):
                _excuses[index] = _excuses[index] with { To = entry.Number };
                break;
            case HistoryEvent.FaultFailed failed:
                _failures.Add(failed);
                break;
            case HistoryEvent.WorkerKilled or HistoryEvent.ConnectionLost:
                _excuses.Add(new Excuse(entry.Number, entry.Number));
                break;
            case HistoryEvent.ActorCrashed crashed:
                _excuses.Add(new Excuse(entry.Number, entry.Number));
                if (crashed.Kind == HistoryEvent.ActorCrashed.Worker)
                {
                    AddLoss(crashed.Process, entry.Number);
                }

                break;
            case HistoryEvent.ActorsRestarted restarted:
                _excuses.Add(new Excuse(entry.Number, entry.Number));
                AddLoss(restarted.Process, entry.Number);
                break;
            case HistoryEvent.Drained drained:
                IsDrained = drained.IsComplete;
                break;
        }
    }

    /// <summary>
    /// Something happened between the enqueue of a job and its second run: whenever that came, the message may have
    /// been given back then and have waited.
    /// </summary>
    public bool HasExcuse(long intendedAt, long secondRunAt) =>
        _excuses.Exists(excuse => excuse.From < secondRunAt && excuse.To > intendedAt);

    /// <summary>
    /// Between the beginnings of two runs of a job in one worker it has lost what it knew of the first: the actor that
    /// ran jobs crashed, and was perhaps the one, or the whole tree started anew.
    /// </summary>
    public bool HasForgotten(string worker, long firstRunAt, long secondRunAt) =>
        _losses.TryGetValue(worker, out var losses)
        && losses.Exists(loss => loss > firstRunAt && loss < secondRunAt);

    private void AddLoss(string worker, long number)
    {
        if (!_losses.TryGetValue(worker, out var losses))
        {
            _losses.Add(worker, losses = []);
        }

        losses.Add(number);
    }

    private void AddTo(JobStory story, in HistoryEntry entry)
    {
        var (wasConfirmed, wasOpen, wasFinished) = (IsConfirmed(story), IsOpen(story), story.IsFinished);
        story.Add(entry);
        Confirmed += Change(wasConfirmed, IsConfirmed(story));
        Open += Change(wasOpen, IsOpen(story));
        Finished += Change(wasFinished, story.IsFinished);
        Effects += entry.Event is HistoryEvent.EffectDone ? 1 : 0;
        Unknown += entry.Event is HistoryEvent.EnqueueUnknown ? 1 : 0;
        if (forgets && IsConfirmed(story) && !IsOpen(story))
        {
            _stories.Remove(story.Job);
        }
    }

    private JobStory StoryOf(JobId job)
    {
        ref var story = ref CollectionsMarshal.GetValueRefOrAddDefault(_stories, job, out _);
        return story ??= new JobStory(job);
    }

    private static int Change(bool before, bool after) => (after ? 1 : 0) - (before ? 1 : 0);

    private static bool IsConfirmed(JobStory story) => story.Answer == EnqueueAnswer.Confirmed;

    private static bool IsOpen(JobStory story) =>
        IsConfirmed(story) && !story.IsFinished && !story.IsBuried && story.DeadLetter is null && !story.IsDestroyed;

    /// <summary>From when to when something explains that a job is finished twice.</summary>
    private readonly record struct Excuse(long From, long To);
}
