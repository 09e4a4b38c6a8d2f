using System.Text;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// The process that enqueues the plan's jobs, one life after the other. It writes down its intention first, and
/// afterwards what it was told; what a dead life had not been told, nobody knows.
/// </summary>
internal sealed class SimulatedProducer(SimulatedWorld world)
{
    private SimulatedProcess? _process;
    private int _lives;
    private int _next;
    private int _unanswered;

    /// <summary>Every job of the plan was enqueued and answered, as far as its process lives.</summary>
    public bool IsDone => _next == world.Plan.Jobs.Count && _unanswered == 0;

    public void Start()
    {
        _unanswered = 0;
        _process = new SimulatedProcess(world, $"p{++_lives}", (_, _) => { });
        _ = EnqueueAllAsync(_process);
    }

    public async Task KillAsync(TimeSpan restartAfter)
    {
        if (_process is { IsGone: false } process)
        {
            world.History.Add(new HistoryEvent.WorkerKilled(process.Name));
            process.Kill();
            await process.Sleep(restartAfter);
            if (!world.IsOver)
            {
                Start();
            }
        }
    }

    public Task DrainAsync() => _process!.DrainAsync(TimeSpan.FromMinutes(1));

    private async Task EnqueueAllAsync(SimulatedProcess process)
    {
        while (_next < world.Plan.Jobs.Count)
        {
            await process.Sleep(world.Plan.Jobs[_next].After);
            await process.AliveAsync();
            _unanswered++;
            _ = EnqueueAsync(process, SimulationPlan.IdOf(_next++));
        }
    }

    private async Task EnqueueAsync(SimulatedProcess process, JobId job)
    {
        var body = Encoding.UTF8.GetBytes($"the payload of {job}");
        var script = world.Plan.ScriptOf(job);
        world.History.Add(new HistoryEvent.EnqueueIntended(job, JobHistory.HashOf(body), script.IsForeign));
        if (script.IsForeign)
        {
            world.Broker.Put(SimulatedWorld.Queue, new Job { Id = job, Body = body });
            world.History.Add(new HistoryEvent.EnqueueConfirmed(job));
            _unanswered--;
            return;
        }

        var result = await process.Server.Client.TryEnqueueAsync(
            body, new EnqueueOptions { Id = job, Queue = SimulatedWorld.Queue, Delay = script.Delay });
        await process.AliveAsync();
        _unanswered--;
        world.History.Add(HistoryEvent.Answered(job, result));
    }
}
