using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Monitoring;
using JobSystem.TestKit;
using JobSystem.Transports.InMemory;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// One broker, a fleet of workers and a producer, all on one simulator. Owns the history, and a list of rules that
/// were broken beside it.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    public const string Queue = "work";

    private readonly List<string> _broken = [];

    public SimulatedWorld(SimulationPlan plan, SimulationOptions options)
    {
        Plan = plan;
        Simulation = new Simulation(plan.Seed, options);
        System = Simulation.StartSystem("world");
        History = new JobHistory(Simulation.Time);
        Log = new SimulatedLog(Simulation.Time);
        var network = new SimulatedNetwork(Simulation, plan.Latency);
        Broker = new InMemoryBroker(new InMemoryBrokerOptions
        {
            Clock = Simulation.Time,
            Post = network.Post,
            FramesPerTurn = plan.FramesPerTurn,
            LongestDelay = plan.LongestDelay,
            ClassicQueues = plan.IsClassic ? [Queue] : [],
            OnStored = (job, queue) => History.Add(new HistoryEvent.MessageStored(job.Id, job.Epoch, queue)),
            OnAcked = (job, queue) => History.Add(new HistoryEvent.MessageAcked(job.Id, job.Epoch, queue)),
        });
        Workers = new SimulatedWorkers(this);
        Producer = new SimulatedProducer(this);
    }

    public SimulationPlan Plan { get; }

    public Simulation Simulation { get; }

    /// <summary>Holds a tree for each life of each process.</summary>
    public ActorSystem System { get; }

    public JobHistory History { get; }

    public SimulatedLog Log { get; }

    public InMemoryBroker Broker { get; }

    public SimulatedWorkers Workers { get; }

    public SimulatedProducer Producer { get; }

    /// <summary>The last drain has begun: nobody starts anything again.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Rules that were broken beside those of the history.</summary>
    public IReadOnlyList<string> Broken => [.. _broken.Distinct(), .. Log.Defects];

    /// <summary>Nothing is left to do.</summary>
    public bool IsQuiet => Producer.IsDone && Workers.AreUp && Left(Lane.Work) == 0 && Left(Lane.Quarantine) == 0;

    /// <summary>What is left to do, in words.</summary>
    public string Unrest =>
        $"all enqueued: {Producer.IsDone}, all workers up: {Workers.AreUp}, left: {Broker.ContentOf(Queue)} and " +
        $"{Broker.ContentOf(Lanes.NameOf(Queue, Lane.Quarantine))}";

    /// <summary>Notes a rule that does not hold.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            _broken.Add($"{otherwise} (at {Simulation.Time.Elapsed})");
        }
    }

    public void JudgeDrain(SimulatedProcess process, DrainReport report)
    {
        Require(
            report.IsComplete || Plan.Faults.Count > 0,
            $"the drain of {process.Name} is incomplete: {string.Join(", ", report.Fates.Select(fate => fate.Kind))}");
        Require(
            report.Elapsed <= TimeSpan.FromSeconds(60 + 8),
            $"the drain of {process.Name} took {report.Elapsed}");
    }

    /// <summary>Ends all faults. Workers that are down are on their way already.</summary>
    public void Heal()
    {
        Broker.Thaw();
        Broker.Start();
        Broker.Unblock();
        Broker.AllowAccess();
        Broker.LimitLength(Queue, null);
        Broker.RejectPublishes(0, "");
        Broker.DropConfirms(0);
        Broker.DelayConfirms(0, TimeSpan.Zero);
    }

    /// <summary>Drains every process, and then looks through every queue.</summary>
    public async Task EndAsync()
    {
        IsOver = true;
        await Workers.DrainAllAsync();
        await Producer.DrainAsync();
        foreach (var queue in Broker.QueueNames)
        {
            var isDead = queue.EndsWith(Lanes.DeadSuffix, StringComparison.Ordinal);
            foreach (var job in Broker.JobsOf(queue))
            {
                History.Add(isDead
                    ? new HistoryEvent.DeadLettered(job.Id, job.Failure?.Reason ?? default)
                    : new HistoryEvent.StillQueued(job.Id, queue));
            }
        }

        History.Add(new HistoryEvent.Drained(IsComplete: true));
        Require(Broker.Count().ProtocolErrors == 0, "a delivery was settled that was not outstanding");
    }

    public void Dispose() => Broker.Dispose();

    private int Left(Lane lane) => Broker.ContentOf(Lanes.NameOf(Queue, lane)).Total;
}
