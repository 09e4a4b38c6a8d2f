using JobSystem.Actors;
using Xunit;
using Xunit.Abstractions;

namespace JobSystem.Tests.Actors;

/// <summary>
/// The rules of the kernel in thousands of random worlds, on both dispatchers: each message received exactly once or
/// a counted dead letter, order kept per sender, one message at a time, children stopped before parents, watchers
/// notified once, restarts bounded, dead timers silent, nobody stuck.
/// </summary>
public sealed class KernelPropertyTests(ITestOutputHelper output)
{
    private const int SimulatedSeeds = 3000;
    private const int PooledSeeds = 3000;

    [Fact]
    public void Every_rule_holds_in_thousands_of_simulated_worlds()
    {
        long told = 0, received = 0, restarts = 0, steps = 0;
        for (ulong seed = 0; seed < SimulatedSeeds; seed++)
        {
            (RandomWorld world, SimulationDispatcher simulation) = Simulate(seed);
            Check(world);
            told += world.Told;
            received += world.ReceivedCount;
            restarts += world.Restarts;
            steps += simulation.Steps;
        }

        output.WriteLine($"{SimulatedSeeds} seeds: {steps} steps, {told} messages, {restarts} restarts");
        Assert.InRange(restarts, SimulatedSeeds / 10, int.MaxValue); // or the worlds prove nothing
        Assert.InRange(told - received, SimulatedSeeds / 10, told / 2);
    }

    [Fact]
    public void Every_simulated_world_runs_alike_twice()
    {
        HashSet<ulong> hashes = [];
        for (ulong seed = 0; seed < SimulatedSeeds / 5; seed++)
        {
            ulong hash = Simulate(seed).Simulation.TraceHash;
            Assert.True(hash == Simulate(seed).Simulation.TraceHash, $"seed {seed} ran in two ways");
            hashes.Add(hash);
        }

        Assert.Equal(SimulatedSeeds / 5, hashes.Count);
    }

    [Fact]
    public async Task Every_rule_holds_in_thousands_of_worlds_on_the_thread_pool()
    {
        long told = 0, restarts = 0;
        for (ulong seed = 0; seed < PooledSeeds; seed++)
        {
            var world = new RandomWorld(seed, new ThreadPoolDispatcher(seed: seed));
            world.Begin(new Random((int)seed), messages: 40);
            await ComesToRest(world);
            await world.System.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
            world.CheckTheEnd();
            Check(world);
            told += world.Told;
            restarts += world.Restarts;
        }

        output.WriteLine($"{PooledSeeds} seeds: {told} messages, {restarts} restarts");
        Assert.InRange(restarts, PooledSeeds / 10, int.MaxValue);
    }

    private static (RandomWorld World, SimulationDispatcher Simulation) Simulate(ulong seed)
    {
        var simulation = new SimulationDispatcher(seed);
        var world = new RandomWorld(seed, simulation);
        world.Begin(new Random((int)seed), messages: 40);
        simulation.RunFor(TimeSpan.FromMinutes(1));
        if (!world.AtRest.IsCompleted)
        {
            world.Violations.Enqueue("some messages are neither received nor dead: an actor is stuck");
        }

        foreach (RandomNode node in world.Nodes)
        {
            node.CheckWatches(world.System);
        }

        simulation.Await(world.System.StopAsync());
        simulation.RunFor(TimeSpan.FromMinutes(1));
        world.CheckTheEnd();
        return (world, simulation);
    }

    private static async Task ComesToRest(RandomWorld world)
    {
        try
        {
            await world.AtRest.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            world.Violations.Enqueue("some messages are neither received nor dead: an actor is stuck");
        }
    }

    private static void Check(RandomWorld world) => Assert.True(
        world.Violations.IsEmpty, $"seed {world.Seed}: {string.Join("; ", world.Violations.Take(5))}");
}
