using System.Collections.Concurrent;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos;

/// <summary>
/// A laboratory inside of your own tests: a broker, faults around your own code, and the judge. Your code says what it
/// intends, what it was told and what it has done; the lab breaks things meanwhile and judges at the end, by the same
/// rules as <c>chaos run</c>.
/// <code>
/// await using var lab = await ChaosLab.StartAsync("4.3", seed: 7);
/// ... your worker and client on lab.BrokerFor("app"), reporting to lab.Intended, lab.Answered, lab.Began, lab.Done
/// await lab.BreakAsync("net-reset", ("who", "any"));
/// var report = await lab.JudgeAsync();
/// Assert.Equal(ChaosExitCode.Pass, report.ExitCode);
/// </code>
/// Promises: every fault is proven and healed before <see cref="BreakAsync"/> returns; what a killed test process left
/// broken is undone by its guard, which is the <c>chaos</c> program: refer to its project, JobSystem.Chaos.Cli, too.
/// Ends: when disposed of; the broker and its space are as they were.
/// </summary>
public sealed class ChaosLab : IAsyncDisposable
{
    private readonly RunFolder _folder;
    private readonly RunFacts _facts;
    private readonly ITarget _target;
    private readonly IReadOnlyList<Uri> _uris;
    private readonly ProxyFarm? _proxies;
    private readonly LedgerWriter _ledger;
    private readonly LedgerTail _tail;
    private readonly RevertJournal _journal;
    private readonly System.Diagnostics.Process _guard;
    private readonly AdoptedFleet _fleet = new();
    private readonly Conductor _conductor;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly List<FaultPlan> _broken = [];
    private readonly ConcurrentQueue<string> _notes = [];
    private readonly Action<string> _tell;
    private bool _isJudged;
    private bool _isEvidence;
    private bool _isFolderOurs;

    private ChaosLab(
        RunFolder folder, RunFacts facts, ITarget target, IReadOnlyList<Uri> uris, RevertJournal journal,
        System.Diagnostics.Process guard, Action<string> tell)
    {
        (_journal, _guard, _tell) = (journal, guard, tell);
        (_folder, _facts, _target, _uris) = (folder, facts, target, uris);
        _ledger = new LedgerWriter(folder.Ledger, LedgerWriter.Controller, _clock);
        _ledger.Add(new HistoryEvent.LedgerOpened(LedgerWriter.Controller));
        _tail = new LedgerTail(folder.Ledger);
        _proxies = (target.Powers & TargetPowers.Amqp) != 0 ? new ProxyFarm(uris, facts.Seed, _clock) : null;
        var lab = new FaultContext
        {
            Target = target,
            Fleet = _fleet,
            Proxies = _proxies,
            Queue = Queue,
            Clock = _clock,
            Random = new Random(facts.Seed),
            Destroyed = _ledger.AddDestroyed,
        };
        _conductor = new Conductor([], lab, _journal, _ledger, tell, NotTried);
    }

    /// <summary>The work queue that faults of queues break, and that the judge looks through at the end.</summary>
    public string Queue => _target.QueueOf(_folder.SpaceName()) ?? QueueShare.Usual.Name;

    /// <summary>Where the ledger and the reports are.</summary>
    public string Folder => _folder.Path;

    /// <param name="target">Which broker: <c>sqlite</c> (the default), <c>4.3</c>, <c>compose</c> and so on, or an
    /// <c>amqp://</c> URI.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    /// <param name="folder">A new one. Default: one below the temporary folder, removed at the end unless the verdict
    /// was other than a pass.</param>
    /// <param name="tell">Gets a line for each fault.</param>
    /// <exception cref="TargetException">The broker cannot run here; the text says what to do.</exception>
    public static async Task<ChaosLab> StartAsync(
        string target = "sqlite", int seed = 1, string? folder = null, Action<string>? tell = null)
    {
        var run = RunFolder.Create(folder ?? Path.Combine(Directory.CreateTempSubdirectory("chaos-").FullName, "lab"));
        var clock = TimeProvider.System;
        var broker = TargetCatalog.Create(target, run.Path, clock);
        var journal = new RevertJournal(run.Path, clock);
        var guard = Guard.Start(run.Path, broker.Secret);
        try
        {
            await broker.ReserveAsync(run.SpaceName(), CancellationToken.None);
            journal.Begin(ExperimentRun.OfTarget, broker.Name, ExperimentRun.Longest, broker.Removal);
            var uris = await broker.UpAsync(run.SpaceName(), CancellationToken.None);
            var facts = new RunFacts
            {
                Experiment = new Experiment
                {
                    Name = "lab", About = "Faults around somebody's own code.", Target = Secrets.Hide(target),
                    Expect = new ExpectPlan { MinConfirmed = 1 },
                },
                Seed = seed,
                StartedAt = clock.GetUtcNow(),
                Repeat = "the test itself",
                Broker = broker.Description,
            };
            run.Save(facts);
            return new ChaosLab(run, facts, broker, uris, journal, guard, tell ?? (static _ => { }))
            {
                _isFolderOurs = folder is null,
            };
        }
        catch
        {
            await EndAsync(broker, journal, guard);
            throw;
        }
    }

    /// <summary>How a part of your code reaches the broker: a URI, through a fault proxy of its own where there can be
    /// one; of the embedded broker the path of its file, as <c>UseSqlite</c> takes it.</summary>
    /// <param name="member">The name of the part, as network faults call it.</param>
    public string BrokerFor(string member)
    {
        _fleet.AddPart(member);
        var uri = new BrokerUris(_uris, _proxies, _facts.Experiment).Of(member);
        return uri.StartsWith(SqliteTarget.Scheme, StringComparison.Ordinal) ? uri[SqliteTarget.Scheme.Length..] : uri;
    }

    /// <summary>Before a publish. The payload must be the same that a run will see.</summary>
    public void Intended(JobId job, ReadOnlySpan<byte> body) =>
        _ledger.Add(new HistoryEvent.EnqueueIntended(job, JobHistory.HashOf(body)));

    /// <summary>After it.</summary>
    public void Answered(EnqueueResult result) => _ledger.Add(HistoryEvent.Answered(result.Id, result));

    /// <summary>A run has begun.</summary>
    public void Began(JobId job, RunId run, ReadOnlySpan<byte> body) =>
        _ledger.Add(new HistoryEvent.RunStarted(job, run, JobHistory.HashOf(body)));

    /// <summary>Its work is done: before the handler returns.</summary>
    public void Done(JobId job, RunId run) => _ledger.Add(new HistoryEvent.EffectDone(job, run));

    /// <summary>It ended otherwise.</summary>
    public void Failed(JobId job, RunId run, string why) => _ledger.Add(new HistoryEvent.RunFailed(job, run, why));

    /// <summary>A process of yours that worker faults may kill or freeze.</summary>
    public void Adopt(string name, System.Diagnostics.Process process) => _fleet.Adopt(name, process);

    /// <summary>Injects a fault, waits for its proof and its time, and heals it.</summary>
    /// <param name="fault">As <c>chaos faults</c> lists them.</param>
    /// <param name="settings">By name, as an experiment would set them.</param>
    /// <exception cref="FaultException">There is no such fault or setting, or the target cannot be broken so.
    /// </exception>
    public async Task BreakAsync(string fault, params (string Name, string Value)[] settings)
    {
        var kind = FaultCatalog.Find(fault) ?? throw new FaultException($"There is no fault '{fault}'.");
        var unknown = settings.FirstOrDefault(given => kind.Settings.All(each => each.Name != given.Name));
        if (unknown.Name is not null || !kind.CanHit(_target))
        {
            throw new FaultException(unknown.Name is not null
                ? $"The fault '{fault}' has no setting '{unknown.Name}'."
                : $"The target '{_target.Name}' cannot be broken by '{fault}'.");
        }

        if (kind.Problem(settings) is { } problem)
        {
            throw new FaultException($"The fault '{fault}': {problem}.");
        }

        var plan = new FaultPlan
        {
            Fault = fault, Settings = settings.ToDictionary(each => each.Name, each => each.Value),
        };
        _broken.Add(plan);
        await _conductor.PlayNowAsync(
            new ScheduledFault(_broken.Count, TimeSpan.Zero, plan, _facts.Seed + _broken.Count),
            CancellationToken.None);
    }

    /// <summary>
    /// Waits until every confirmed job has come to an end or nothing moves for a while, looks through the queue, and
    /// judges. Your workers must still run when this is called, and have ended or be idle when it looks.
    /// </summary>
    /// <param name="stopWorkers">Ends your workers, so that nothing is in their hands; null: they are idle by then.
    /// </param>
    public async Task<RunReport> JudgeAsync(Func<Task>? stopWorkers = null)
    {
        var experiment = _facts.Experiment with { Faults = [.. _broken] };
        await new Drain(_tail, experiment, static () => false, _clock).WaitAsync();
        await (stopWorkers?.Invoke() ?? Task.CompletedTask);
        var direct = new BrokerUris(_uris, null, experiment).Direct;
        var problem = await new Sweep(direct, [Queue], null, _ledger, _clock).RunAsync();
        _ledger.Add(new HistoryEvent.Drained(problem is null));
        _folder.Save(_facts with
        {
            Experiment = experiment, Notes = [.. _notes, .. problem is null ? Array.Empty<string>() : [problem]],
            IsComplete = true,
        });
        _ledger.Dispose();
        _isJudged = true;
        var report = RunChecker.Judge(_folder);
        ExperimentRunner.Write(report, _folder);
        _isEvidence = report.ExitCode != ChaosExitCode.Pass;
        return report;
    }

    private void NotTried(string why)
    {
        _notes.Enqueue(why);
        _tell(why);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isJudged)
        {
            _ledger.Dispose();
        }

        _tail.Dispose();
        _conductor.Dispose();
        if (_proxies is not null)
        {
            await _proxies.DisposeAsync();
        }

        await EndAsync(_target, _journal, _guard);
        if (_isFolderOurs && !_isEvidence)
        {
            Directory.Delete(Path.GetDirectoryName(_folder.Path)!, recursive: true);
        }
    }

    private static async Task EndAsync(ITarget target, RevertJournal journal, System.Diagnostics.Process guard)
    {
        await target.DownAsync(CancellationToken.None);
        await target.DisposeAsync();
        journal.Done(ExperimentRun.OfTarget);
        journal.Dispose();
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }
}
