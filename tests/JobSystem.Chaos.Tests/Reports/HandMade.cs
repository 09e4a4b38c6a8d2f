using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>A history written by hand: what happened at which second.</summary>
internal sealed class HandMade
{
    private readonly List<(double At, HistoryEvent Event)> _events = [];
    private long _runs;

    public static RunId Run(string worker, long number = 1) => new(worker, number);

    public static JobId Job(int number) => new($"job-{number}");

    public IReadOnlyList<HistoryEntry> Entries =>
    [
        .. _events.OrderBy(each => each.At).Select(
            (each, index) => new HistoryEntry(index + 1, TimeSpan.FromSeconds(each.At), each.Event)),
    ];

    public HandMade At(double seconds, HistoryEvent happened)
    {
        _events.Add((seconds, happened));
        return this;
    }

    public HandMade Intended(double at, int job) => At(at, new HistoryEvent.EnqueueIntended(Job(job), 7));

    /// <summary>Sent so many seconds after it was due.</summary>
    public HandMade Late(double at, int job, double seconds) =>
        At(at, new HistoryEvent.EnqueueIntended(Job(job), 7, Late: TimeSpan.FromSeconds(seconds)));

    public HandMade Confirmed(double at, int job) => At(at, new HistoryEvent.EnqueueConfirmed(Job(job)));

    public HandMade Enqueued(double at, int job) => Intended(at, job).Confirmed(at, job);

    /// <summary>A run from its beginning to its effect.</summary>
    public HandMade Ran(double from, double to, int job, string worker)
    {
        var run = Run(worker, ++_runs);
        return At(from, new HistoryEvent.RunStarted(Job(job), run, 7))
            .At(to, new HistoryEvent.EffectDone(Job(job), run));
    }

    public HandMade Began(double at, int job, string worker) =>
        At(at, new HistoryEvent.RunStarted(Job(job), Run(worker, ++_runs), 7));

    public HandMade Workers(params string[] names)
    {
        foreach (var name in names)
        {
            At(0, new HistoryEvent.WorkerStarted(name));
        }

        return this;
    }

    public HandMade Injected(double at, int fault, string name, string target) =>
        At(at, new HistoryEvent.FaultInjected(fault, name, target));

    public HandMade Happened(double at, int fault, string name, string proof = "seen") =>
        At(at, new HistoryEvent.FaultHappened(name, fault, proof));

    public HandMade Healed(double at, int fault) => At(at, new HistoryEvent.FaultHealed(fault));

    public Timeline Timeline(double binSeconds = 1) =>
        JobSystem.Chaos.Reports.Timeline.Of(Entries, TimeSpan.FromSeconds(binSeconds));

    public FaultRecovery OnlyFault() => Recovery.Of(Entries).Faults.Single();

    /// <summary>A look at a process.</summary>
    public HandMade Sampled(double at, string life, double megabytes, double cpuSeconds = 1, int handles = 50) =>
        At(at, new HistoryEvent.ProcessSampled(
            life, (long)(megabytes * 1024 * 1024), (long)((megabytes + 1) * 1024 * 1024), handles, 20,
            TimeSpan.FromSeconds(cpuSeconds)));

    public Resources Used()
    {
        var fold = new ResourceFold();
        foreach (var entry in Entries)
        {
            fold.Add(entry);
        }

        return fold.ToResources();
    }

    private static Census CensusOf(IReadOnlyList<HistoryEntry> history)
    {
        var census = new Census();
        foreach (var entry in history)
        {
            census.Add(entry);
        }

        return census;
    }

    /// <summary>A report of this history.</summary>
    public RunReport Report(CheckOptions? options = null, WorkloadPlan? workload = null)
    {
        var fold = RunFold.Of(Entries, workload);
        var timeline = fold.ToTimeline();
        return new RunReport
        {
            Experiment = "hand-made",
            About = "Made by hand.",
            Seed = "0x2A",
            RepeatLine = "chaos run hand-made.yaml --seed 0x2A",
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)),
            Duration = timeline.End,
            Versions = "chaos 1",
            Machine = "two processors",
            Target = "a broker",
            Fleet = "two workers",
            Verdict = HistoryChecker.Check(Entries, options),
            Timeline = timeline,
            Recovery = fold.ToRecovery(),
            Resources = Used(),
            ToldJobs = ToldJob.Of(timeline, CensusOf(Entries), Entries),
            Logs = new Dictionary<string, string> { ["w2"] = "logs/w2.log" },
        };
    }
}
