using JobSystem.TestKit;
using JobSystem.Transports.InMemory;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// One life of one simulated process with a job server in it. Its death is a kill: what is on its way is lost, what
/// runs in it never goes on.
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly SimulatedWorld _world;

    /// <param name="world">Where it lives.</param>
    /// <param name="name">Of this life.</param>
    /// <param name="configure">Its queues and handlers.</param>
    public SimulatedProcess(SimulatedWorld world, string name, Action<JobSystemBuilder, SimulatedProcess> configure)
    {
        (_world, Name) = (world, name);
        var builder = new JobSystemBuilder()
            .UseTransport(_ => new MortalTransport(
                new InMemoryTransport(world.Broker), world.History, () => IsDead))
            .Configure(options => options with
            {
                Name = name,
                MaxUnconfirmed = world.Plan.MaxUnconfirmed,
                UnknownTypePatience = TimeSpan.FromMinutes(1),
            });
        configure(builder, this);
        Server = builder.StartIn(world.Simulation, world.System, name, loggerFactory: world.Log);
    }

    public string Name { get; }

    public JobHost Server { get; }

    public bool IsDead { get; private set; }

    public bool IsDraining { get; private set; }

    /// <summary>It takes no part any more: it was killed, or has been drained.</summary>
    public bool IsGone { get; private set; }

    /// <summary>What runs in it now, with the number of its run; without what hangs and is given up.</summary>
    public Dictionary<JobId, long> Running { get; } = [];

    public long Runs { get; set; }

    public void Kill()
    {
        if (IsGone)
        {
            return;
        }

        (IsDead, IsGone) = (true, true);
        _world.Broker.LoseConnections(
            connection => connection.StartsWith($"jobs/{Name}/", StringComparison.Ordinal), $"{Name} was killed.");
        _ = Server.DisposeAsync().AsTask();
    }

    /// <summary>Drains it; the world judges what it says of its jobs. A kill on the way ends it, too.</summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        if (IsDraining || IsGone)
        {
            return;
        }

        IsDraining = true;
        try
        {
            var report = await Server.DrainAsync(patience);
            _world.JudgeDrain(this, report);
        }
        catch (OperationCanceledException) when (IsDead)
        {
        }

        IsGone = true;
    }

    /// <summary>In a dead process nothing ever goes on.</summary>
    public Task AliveAsync() => IsDead ? new TaskCompletionSource().Task : Task.CompletedTask;

    public Task Sleep(TimeSpan time, CancellationToken cancel = default) =>
        Task.Delay(time, _world.Simulation.Time, cancel);
}
