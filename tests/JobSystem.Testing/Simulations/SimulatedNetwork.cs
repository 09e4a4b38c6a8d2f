using JobSystem.TestKit;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// What lies between the processes and the broker: everything that travels arrives later, in seeded order.
/// </summary>
internal sealed class SimulatedNetwork(
    Simulation simulation, (double Part, TimeSpan Max) latency)
{
    private readonly Random _random = simulation.CreateRandom("network");

    /// <summary>Carries an action: at once as another turn, or some time later.</summary>
    public void Post(Action arrive)
    {
        if (_random.NextDouble() >= latency.Part)
        {
            simulation.Run(() =>
            {
                arrive();
                return Task.CompletedTask;
            });
            return;
        }

        ITimer? timer = null;
        timer = simulation.Time.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                arrive();
            },
            null, latency.Max * _random.NextDouble(), Timeout.InfiniteTimeSpan);
    }
}
