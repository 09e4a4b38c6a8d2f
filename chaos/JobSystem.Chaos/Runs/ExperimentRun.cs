using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Systems;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// One run of an experiment from an empty folder to a finished ledger: target up, queue declared, workers, load and
/// faults, producers done, everything healed, drained, swept. It judges nothing: the verdict is read from the folder.
/// Promises: no process and no fault is left behind, however it ends.
/// </summary>
internal sealed class ExperimentRun : IDisposable
{
    /// <summary>In the journal, where faults have numbers from 1: the broker itself.</summary>
    public const int OfTarget = 0;

    /// <summary>No run lasts longer: then its guard takes the broker away.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>
    /// A quorum queue that was declared less than about a second before its only node is killed comes back empty
    /// (measured on 4.0.5 and 4.3.6): a defect of the broker that must not be put down to the system under test.
    /// </summary>
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(3);

    /// <summary>No process takes longer to start, however busy the machine is.</summary>
    internal static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);

    /// <summary>So that every producer has been told before the load begins.</summary>
    internal static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    private readonly RunFacts _facts;
    private readonly RunFolder _folder;
    private readonly ITarget _target;
    private readonly IRunView _view;
    private readonly TimeProvider _clock;
    private readonly LedgerWriter _ledger;
    private readonly LedgerTail _tail;
    private readonly RevertJournal _journal;
    private readonly SteadyWatch _steady;
    private readonly ConcurrentQueue<string> _notes = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentQueue<string> _doubts = [];
    private IReadOnlyDictionary<string, long> _hits = new Dictionary<string, long>();
    private RunGauges? _gauges;
    private string _phase = "";
    private long _began;

    public ExperimentRun(
        RunFacts facts, RunFolder folder, ITarget target, IRunView view, TimeProvider clock)
    {
        (_facts, _folder, _target, _view, _clock) = (facts, folder, target, view, clock);
        _ledger = new LedgerWriter(folder.Ledger, LedgerWriter.Controller, clock);
        _ledger.Add(new HistoryEvent.LedgerOpened(LedgerWriter.Controller));
        _tail = new LedgerTail(folder.Ledger);
        _journal = new RevertJournal(folder.Path, clock);
        _steady = new SteadyWatch(facts.Experiment.Steady);
    }

    private Experiment Experiment => _facts.Experiment;

    private IReadOnlyList<string> QueueNames => [.. Experiment.Workload.Queues.Select(queue => queue.Name)];

    /// <summary>Nothing to declare, nobody to work, nothing to look through.</summary>
    private bool IsSink => _target is SinkTarget;

    /// <param name="cancel">Stops the load; what was begun is healed, drained and swept all the same.</param>
    /// <exception cref="TargetException">The broker cannot run here.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        Begin("setup");
        _folder.Save(_facts);
        using var guard = Guard.Start(_folder.Path, _target.Secret);
        try
        {
            await _target.ReserveAsync(_folder.SpaceName(), cancel);
            _journal.Begin(OfTarget, _target.Name, Longest, _target.Removal);
            var uris = await _target.UpAsync(_folder.SpaceName(), cancel);
            await RunOnAsync(uris, cancel);
        }
        finally
        {
            try
            {
                SaveAll();
                await KeepLogAsync();
            }
            finally
            {
                await DownAsync();
            }
        }
    }

    /// <summary>Closes the controller's ledger: only then the run can be judged.</summary>
    public void Dispose()
    {
        _ledger.Dispose();
        _tail.Dispose();
        _journal.Dispose();
    }

    /// <summary>Before the broker goes, and its log with it. It is for people: a run does not fail for want of it.
    /// </summary>
    private async Task KeepLogAsync()
    {
        try
        {
            if (await _target.LogAsync(CancellationToken.None) is { Length: > 0 } log)
            {
                _folder.SaveBrokerLog(log);
            }
        }
        catch (Exception error) when (error is TargetException or IOException)
        {
            _view.Tell($"The broker's log is not in the run's folder: {error.Message}");
        }
    }

    /// <summary>What cannot be removed stays in the journal: the guard tries again when this process ends.</summary>
    private async Task DownAsync()
    {
        try
        {
            await _target.DownAsync(CancellationToken.None);
            _journal.Done(OfTarget);
        }
        catch (TargetException error)
        {
            _view.Tell($"{error.Message} Once it can be reached: chaos heal {_folder.Path}");
        }
    }

    private void SaveAll() => _folder.Save(_facts with
    {
        Broker = _target.Description, Machine = DescribeMachine(), Notes = [.. _notes], Failures = [.. _failures],
        Doubts = [.. _doubts], Unsteady = [.. _steady.Breaches], Hits = _hits, IsComplete = true,
    });

    private async Task RunOnAsync(IReadOnlyList<Uri> uris, CancellationToken cancel)
    {
        var schedule = Schedule.Of(Experiment, _facts.Seed);
        if (Schedule.AfterTheLoad(Experiment, schedule) is { } late)
        {
            Note(late);
        }

        await using var proxies = NeedsProxy(schedule) ? new ProxyFarm(uris, _facts.Seed, _clock) : null;
        var addresses = new BrokerUris(uris, proxies, Experiment);
        await DeclareAsync(addresses, schedule, cancel);
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var fleet = new ProcessFleet(Settings(), _folder.Path, addresses.Of, Around(givenUp));
        await fleet.StartWorkersAsync(StartPatience, _clock);
        using var conductor = new Conductor(schedule, ContextOf(fleet, proxies), _journal, _ledger, _view.Tell, Note);
        await fleet.StartProducersAsync(StartPatience, _clock);
        await using var watch = new ResourceWatch(fleet, _target, _ledger, _clock);
        watch.Start(Experiment.Expect.Soak);
        Begin(Reports.RunReport.LoadPhase);
        _began = _clock.GetTimestamp() + (long)(Lead.TotalSeconds * _clock.TimestampFrequency);
        fleet.Go(_began);
        _gauges = new RunGauges(
            _tail, fleet, conductor, schedule, Experiment, _clock.GetElapsedTime(0, _began));
        _view.Start(Snapshot);
        await LoadAsync(fleet, conductor, givenUp.Token);
        await DrainAsync(fleet, addresses, watch);
    }

    private async Task LoadAsync(ProcessFleet fleet, Conductor conductor, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var faults = conductor.PlayAsync(_began, stop.Token);
        var all = Task.WhenAll(faults, fleet.ProducersDone);
        while (!all.IsCompleted && !cancel.IsCancellationRequested)
        {
            _tail.Poll();
            _steady.Look(_tail.Census, _clock.GetElapsedTime(_began));
            await Task.WhenAny(all, Task.Delay(_look, _clock, CancellationToken.None));
        }

        if (cancel.IsCancellationRequested)
        {
            Doubt("The load ended early: the run was interrupted or given up.");
        }

        await faults;
    }

    private async Task DrainAsync(ProcessFleet fleet, BrokerUris addresses, ResourceWatch watch)
    {
        Begin("drain");
        var producersEnded = await fleet.StopProducersAsync();
        var drain = new Drain(_tail, Experiment, () => fleet.IsWorkerStarting, _clock);
        await drain.WaitAsync();
        await watch.EndAsync();
        var workersEnded = await fleet.StopWorkersAsync();
        _hits = fleet.Hits;
        Begin("sweep");
        var problem = IsSink
            ? null
            : await new Sweep(addresses.Direct, QueueNames, Lister(), _ledger, _clock).RunAsync();
        if (problem is not null)
        {
            Doubt($"The queues could not be searched: {problem}");
        }

        if (!producersEnded || !workersEnded)
        {
            Fail("Not every process ended in order when it was asked to.");
        }

        _ledger.Add(new HistoryEvent.Drained(problem is null));
    }

    private Func<Task<string>>? Lister() => (_target.Powers & TargetPowers.Control) == 0 ? null : () =>
        _target.ControlAsync(
            1, ["-q", "list_queues", "-p", _folder.SpaceName(), "--no-table-headers", "name", "messages"],
            CancellationToken.None);

    private async Task DeclareAsync(
        BrokerUris addresses, IReadOnlyList<ScheduledFault> schedule, CancellationToken cancel)
    {
        if (!IsSink)
        {
            await RunQueues.CheckAsync(addresses.Direct, QueueNames, _clock);
        }

        foreach (var queue in IsSink ? [] : QueueNames)
        {
            await (Experiment.Queue.Type == "system"
                ? SystemQueue.DeclareAsync(addresses.Direct, queue, _clock)
                : PlainBroker.DeclareAsync(addresses.Direct, queue, Experiment.Queue, cancel));
        }

        if (schedule.Any(each => each.Kind.NeedsAny(TargetPowers.Kill)))
        {
            await Task.Delay(_settle, _clock, cancel);
        }
    }

    private FleetMemberContext Around(CancellationTokenSource givenUp) => new(
        _ledger, _folder.Ledger, Experiment.Fleet.Respawn,

        // The tutorial's worker ends with its connection, and there may be many ends while the broker is away.
        Experiment.SystemUnderTest.Worker == "plain" ? int.MaxValue : 5,
        Experiment.SystemUnderTest.Worker == "plain" ? Note : Fail,
        why =>
        {
            Fail($"The run was given up: {why}");
            givenUp.Cancel();
        },
        _clock);

    private FaultContext ContextOf(ProcessFleet fleet, ProxyFarm? proxies) => new()
    {
        Target = _target,
        Fleet = fleet,
        Proxies = proxies,
        Queue = QueueNames[0],
        Clock = _clock,
        Random = new Random(_facts.Seed),
        Destroyed = _ledger.AddDestroyed,
    };

    private SystemSettings Settings() => new()
    {
        Seed = _facts.Seed,
        Run = _facts.Run,
        LedgerFolder = _folder.Ledger,
        Fleet = IsSink ? Experiment.Fleet with { Workers = 0 } : Experiment.Fleet,
        Workload = Experiment.Workload,
        SystemUnderTest = Experiment.SystemUnderTest,
        IsSoak = Experiment.Expect.Soak,
    };

    private bool NeedsProxy(IReadOnlyList<ScheduledFault> schedule) =>
        (_target.Powers & TargetPowers.Amqp) != 0
        && (Experiment.Fleet.Proxy || schedule.Any(each => each.Kind.NeedsAny(TargetPowers.Amqp)));

    private void Begin(string phase)
    {
        _phase = phase;
        _ledger.Add(new HistoryEvent.PhaseBegan(phase));
        _view.Tell(phase);
    }

    private void Note(string text)
    {
        _notes.Enqueue(text);
        _view.Tell(text);
    }

    private void Doubt(string text)
    {
        _doubts.Enqueue(text);
        _view.Tell(text);
    }

    private void Fail(string text)
    {
        _failures.Enqueue(text);
        _view.Tell(text);
    }

    private LiveSnapshot Snapshot() => _gauges!.Look(_phase, _clock.GetElapsedTime(_began));

    private static string DescribeMachine() =>
        $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, " +
        RuntimeInformation.FrameworkDescription;
}
