using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// The fleet of workers, and the supervisor outside that starts the dead again. Their handler plays each job's
/// script and writes down what it does.
/// </summary>
internal sealed class SimulatedWorkers(SimulatedWorld world)
{
    private readonly SimulatedProcess?[] _workers = new SimulatedProcess?[world.Plan.Workers];
    private readonly int[] _lives = new int[world.Plan.Workers];
    private readonly Dictionary<JobId, int> _runs = [];

    /// <summary>All are there and take jobs.</summary>
    public bool AreUp => _workers.All(worker => worker is { IsGone: false, IsDraining: false });

    public void StartAll()
    {
        for (var index = 0; index < _workers.Length; index++)
        {
            Start(index);
        }
    }

    public SimulatedProcess? At(int number) => _workers[number % _workers.Length];

    public void Kill(int number, TimeSpan restartAfter)
    {
        var index = number % _workers.Length;
        if (_workers[index] is { IsGone: false } worker)
        {
            world.History.Add(new HistoryEvent.WorkerKilled(worker.Name));
            worker.Kill();
            _ = StartAgainAsync(index, worker, restartAfter);
        }
    }

    public async Task ReplaceAsync(int number, TimeSpan patience)
    {
        var index = number % _workers.Length;
        if (_workers[index] is { IsGone: false, IsDraining: false } worker)
        {
            await worker.DrainAsync(patience);
            await StartAgainAsync(index, worker, TimeSpan.FromSeconds(1));
        }
    }

    public Task DrainAllAsync() =>
        Task.WhenAll(_workers.OfType<SimulatedProcess>().Select(worker => worker.DrainAsync(TimeSpan.FromMinutes(1))));

    private async Task StartAgainAsync(int index, SimulatedProcess old, TimeSpan after)
    {
        await old.Sleep(after);
        if (_workers[index] == old && !world.IsOver)
        {
            Start(index);
        }
    }

    private void Start(int index) => _workers[index] = new SimulatedProcess(
        world, $"w{index + 1}.{++_lives[index]}", (builder, process) => builder.AddQueue(
            SimulatedWorld.Queue,
            queue => queue.Concurrency(world.Plan.Slots).Handle(
                (context, cancel) => RunAsync(process, index, context, cancel),
                job => job.Timeout(TimeSpan.FromSeconds(10)).Retry(Retry.Exponential(
                    JobScript.MaxAttempts, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10))))));

    private async Task RunAsync(SimulatedProcess process, int index, JobContext context, CancellationToken cancel)
    {
        var run = new RunId(process.Name, ++process.Runs);
        world.History.Add(new HistoryEvent.RunStarted(context.Id, run, JobHistory.HashOf(context.Body.Span)));
        world.Require(
            process.Running.TryAdd(context.Id, run.Number) || world.Plan.ScriptOf(context.Id).IsForeign,
            $"{process.Name} runs {context.Id} twice at a time");
        world.Require(
            process.Running.Count <= world.Plan.Slots + 1,
            $"{process.Name} runs {process.Running.Count} jobs in {world.Plan.Slots} slots and one for the quarantine");
        try
        {
            _runs[context.Id] = _runs.GetValueOrDefault(context.Id) + 1;
            var act = world.Plan.ScriptOf(context.Id).ActOf(_runs[context.Id]);
            if (act.Kind == ActKind.HangDeaf)
            {
                process.Running.Remove(context.Id);
            }

            await process.Sleep(act.Takes, cancel);
            await process.AliveAsync();
            await EndAsync(process, index, act.Kind, cancel);
            await process.AliveAsync();
            world.History.Add(new HistoryEvent.EffectDone(context.Id, run));
        }
        finally
        {
            if (process.Running.GetValueOrDefault(context.Id) == run.Number)
            {
                process.Running.Remove(context.Id);
            }
        }
    }

    private async Task EndAsync(SimulatedProcess process, int index, ActKind kind, CancellationToken cancel)
    {
        switch (kind)
        {
            case ActKind.Fail:
                throw new InvalidOperationException("It failed, as the script says.");
            case ActKind.Hopeless:
                throw new JobNotRetryableException("It cannot be done, as the script says.");
            case ActKind.TryLater:
                throw new JobRetryLaterException(TimeSpan.FromSeconds(2), "Not now, as the script says.");
            case ActKind.Hang:
                await process.Sleep(TimeSpan.FromDays(1), cancel);
                throw new InvalidOperationException("It was not cancelled for a day.");
            case ActKind.HangDeaf:
                await process.Sleep(TimeSpan.FromMinutes(2), CancellationToken.None);
                throw new InvalidOperationException("It came back when nobody waited any more.");
            case ActKind.KillWorker:
                Kill(index, restartAfter: TimeSpan.FromSeconds(1));
                break;
        }
    }
}
