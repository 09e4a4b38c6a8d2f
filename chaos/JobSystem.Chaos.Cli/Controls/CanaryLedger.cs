using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>
/// A run that never was: its ledger is written by hand, event by event, and is right. Three workers, one producer,
/// twenty jobs; after the tenth <see cref="Killed"/> dies. Canaries change one thing of it.
/// </summary>
internal sealed class CanaryLedger
{
    public const string Controller = LedgerWriter.Controller;
    public const string Producer = "producer-1.1";
    public const string Killed = "worker-1.1";
    public const string Successor = "worker-1.2";
    public const string Steady = "worker-2.1";
    public const string Queue = "chaos";

    private const int Jobs = 20;
    private const ulong Hash = 7;
    private const string Fault = "worker-kill";

    private readonly List<(string File, HistoryEvent Event)> _lines = [];

    private CanaryLedger()
    {
        Add(Controller, Opened(Controller), Opened(Producer), Opened(Killed), Opened(Steady));
        Add(Controller, new HistoryEvent.WorkerStarted(Killed), new HistoryEvent.WorkerStarted(Steady));
        for (var job = 1; job <= Jobs / 2; job++)
        {
            Live(job, job % 2 == 0 ? Steady : Killed);
        }

        Add(Controller, new HistoryEvent.FaultInjected(1, Fault, Killed), new HistoryEvent.WorkerKilled(Killed),
            new HistoryEvent.FaultHappened(Fault, 1, "exit code 137"), new HistoryEvent.FaultHealed(1),
            Opened(Successor), new HistoryEvent.WorkerStarted(Successor));
        for (var job = (Jobs / 2) + 1; job <= Jobs; job++)
        {
            Live(job, job % 2 == 0 ? Steady : Successor);
        }

        Add(Controller, new HistoryEvent.WorkerStopped(Producer, 0), new HistoryEvent.WorkerStopped(Successor, 0),
            new HistoryEvent.WorkerStopped(Steady, 0), new HistoryEvent.Drained(IsComplete: true));
    }

    public static CanaryLedger Right() => new();

    public static JobId Job(int number) => new($"job-{number}");

    public static RunId Run(string worker, int number) => new(worker, number);

    public CanaryLedger Without(Predicate<HistoryEvent> which)
    {
        _lines.RemoveAll(line => which(line.Event));
        return this;
    }

    public CanaryLedger With(Func<HistoryEvent, HistoryEvent> change)
    {
        for (var index = 0; index < _lines.Count; index++)
        {
            _lines[index] = _lines[index] with { Event = change(_lines[index].Event) };
        }

        return this;
    }

    /// <summary>Right behind the first event that matches.</summary>
    public CanaryLedger After(Predicate<HistoryEvent> which, string file, params HistoryEvent[] events)
    {
        var index = _lines.FindIndex(line => which(line.Event));
        _lines.InsertRange(index + 1, events.Select(each => (file, each)));
        return this;
    }

    /// <summary>Right before the end.</summary>
    public CanaryLedger AtEnd(string file, params HistoryEvent[] events)
    {
        _lines.InsertRange(_lines.Count - 1, events.Select(each => (file, each)));
        return this;
    }

    public CanaryLedger Cleared()
    {
        _lines.RemoveAll(line => line.Event is HistoryEvent.OfJob);
        return this;
    }

    /// <summary>Writes the files of all processes, by the code that every process uses, and what the judge must know
    /// of the run.</summary>
    public void WriteTo(RunFolder folder)
    {
        var clock = new Ticks();
        var writers = _lines.Select(line => line.File).Distinct()
            .ToDictionary(file => file, file => new LedgerWriter(folder.Ledger, file, clock));
        _lines.ForEach(line => writers[line.File].Add(line.Event));
        foreach (var (name, writer) in writers)
        {
            var path = FileOf(folder, name);
            var length = new FileInfo(path).Length;
            writer.Dispose();
            if (name == Killed)
            {
                using var file = File.OpenWrite(path);
                file.SetLength(length); // it did not come to say that it ends
            }
        }

        folder.Save(new RunFacts
        {
            Experiment = new Experiment
            {
                Name = "canary", About = "", Workload = new WorkloadPlan { Jobs = Jobs },
                Faults = [new FaultPlan { Fault = Fault }],
            },
            Seed = 1,
            IsComplete = true,
            StartedAt = default,
            Repeat = "",
        });
    }

    public static string FileOf(RunFolder folder, string name) =>
        Path.Combine(folder.Ledger, name + LedgerWriter.Extension);

    private void Live(int job, string worker)
    {
        var (id, run) = (Job(job), Run(worker, job));
        Add(Producer, new HistoryEvent.EnqueueIntended(id, Hash), new HistoryEvent.EnqueueConfirmed(id));
        Add(worker, new HistoryEvent.RunStarted(id, run, Hash), new HistoryEvent.EffectDone(id, run),
            new HistoryEvent.MessageAcked(id, 0, Queue));
    }

    private void Add(string file, params HistoryEvent[] events) => _lines.AddRange(events.Select(each => (file, each)));

    private static HistoryEvent.LedgerOpened Opened(string name) => new(name);

    /// <summary>A millisecond goes by at each look at it.</summary>
    private sealed class Ticks : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => ++_now;
    }
}
