using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class SimulationDispatcherTests
{
    [Fact]
    public void The_same_seed_gives_the_same_trace_and_other_seeds_explore_other_orders()
    {
        HashSet<ulong> hashes = [];
        HashSet<string> orders = [];
        for (ulong seed = 0; seed < 500; seed++)
        {
            (ulong hash, string order) = Race(seed);
            Assert.Equal((hash, order), Race(seed));
            hashes.Add(hash);
            orders.Add(order);
        }

        Assert.Equal(500, hashes.Count);
        Assert.Equal(24, orders.Count); // 4 actors: every order there is
    }

    [Fact]
    public void In_some_seeds_somebody_falls_far_behind_and_in_none_does_anybody_starve()
    {
        const int actors = 4;
        const int turns = 4000;
        int unfair = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            List<int> chosen = [];
            var world = new SimulatedSystem(seed);
            for (int actor = 0; actor < actors; actor++)
            {
                int number = actor;
                world.Spawn(new Scripted<int>
                {
                    OnReceive = (context, message) =>
                    {
                        chosen.Add(number);
                        context.Self.Tell(message);
                    },
                }).Tell(1);
            }

            world.Simulation.RunUntil(() => chosen.Count == turns);
            Assert.All(
                Enumerable.Range(0, actors),
                actor => Assert.InRange(chosen.Count(n => n == actor), 100, turns / 2));
            unfair += chosen.Take(200).CountBy(n => n).Max(n => n.Value) > 100 ? 1 : 0;
        }

        Assert.InRange(unfair, 4, 20);
    }

    [Fact]
    public void Too_many_steps_end_the_run_and_name_seed_and_step()
    {
        var world = new SimulatedSystem(77, options: new SimulationOptions { MaxSteps = 1000 });
        ActorRef<int> endless = world.Spawn(new Scripted<int> { OnReceive = (context, _) => context.Self.Tell(1) });
        endless.Tell(1);

        var thrown = Assert.Throws<SimulationException>(world.Simulation.RunUntilIdle);

        Assert.Contains("seed 77 at step 1001", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_what_can_never_come_fails_instead_of_hanging()
    {
        var world = new SimulatedSystem(5);

        var thrown = Assert.Throws<SimulationException>(
            () => world.Simulation.Await(new TaskCompletionSource().Task));

        Assert.Contains("seed 5", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is left to run", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_continuation_that_escapes_to_the_thread_pool_is_named()
    {
        var simulation = new SimulationDispatcher(9);

        var thrown = Assert.Throws<SimulationException>(() =>
        {
            Task escaped = simulation.Await(() => Task.FromResult(EscapingAsync(simulation)));
            Spin(simulation, escaped);
        });

        Assert.Contains("seed 9", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("escaped to another thread", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(EscapingAsync), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_from_a_foreign_thread_is_named_with_its_stack()
    {
        var world = new SimulatedSystem(3);
        ActorRef<int> actor = world.Spawn(new Scripted<int>());
        world.Simulation.RunUntilIdle();
        var foreign = new Thread(() => TellFromElsewhere(actor));
        foreign.Start();
        foreign.Join();

        var thrown = Assert.Throws<SimulationException>(world.Simulation.RunUntilIdle);

        Assert.Contains(nameof(TellFromElsewhere), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Awaits_on_virtual_time_cost_no_real_time()
    {
        var simulation = new SimulationDispatcher(1);

        DateTimeOffset end = simulation.Await(async () =>
        {
            for (int hour = 0; hour < 24 * 365; hour++)
            {
                await Task.Delay(TimeSpan.FromHours(1), simulation.Clock);
            }

            return simulation.Clock.GetUtcNow();
        });

        Assert.Equal(new DateTimeOffset(2000, 12, 31, 0, 0, 0, TimeSpan.Zero), end);
    }

    [Fact]
    public void Running_until_idle_does_not_advance_time_and_running_for_a_time_advances_exactly_that()
    {
        var simulation = new SimulationDispatcher(1);
        List<TimeSpan> fired = [];
        using ITimer timer = simulation.Clock.CreateTimer(
            _ => fired.Add(simulation.Time.Elapsed), null, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));

        simulation.RunUntilIdle();
        Assert.Equal(TimeSpan.Zero, simulation.Time.Elapsed);
        simulation.RunFor(TimeSpan.FromSeconds(12));

        Assert.Equal(TimeSpan.FromSeconds(12), simulation.Time.Elapsed);
        Assert.Equal([3, 7, 11], fired.Select(time => time.TotalSeconds));
    }

    [Fact]
    public void Every_step_can_be_seen()
    {
        List<SimulationStep> steps = [];
        var world = new SimulatedSystem(options: new SimulationOptions { OnStep = steps.Add });
        world.Spawn(new Scripted<string>(), "actor").Tell("message");

        world.Simulation.RunUntilIdle();

        Assert.Contains(steps, step => step.Chosen == "/test/actor" && step.Message == typeof(string));
        Assert.Equal(world.Simulation.Steps, steps[^1].Number);
    }

    [Fact]
    public void What_an_actor_puts_in_an_AsyncLocal_does_not_reach_the_next_one()
    {
        var local = new AsyncLocal<string>();
        List<string?> seen = [];
        var world = new SimulatedSystem();
        for (int actor = 0; actor < 2; actor++)
        {
            world.Spawn(new Scripted<int>
            {
                OnReceive = (_, _) =>
                {
                    seen.Add(local.Value);
                    local.Value = "leaked";
                },
            }).Tell(1);
        }

        world.Simulation.RunUntilIdle();
        Assert.Equal([null, null], seen);
    }

    [Fact]
    public void The_start_of_time_can_be_chosen()
    {
        var start = new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));
        var simulation = new SimulationDispatcher(1, new SimulationOptions { Start = start });

        Assert.Equal(start, simulation.Clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, simulation.Clock.GetUtcNow().Offset);
    }

    [Fact]
    public void The_simulation_is_not_run_from_inside_itself()
    {
        var simulation = new SimulationDispatcher(1);

        Assert.Throws<InvalidOperationException>(() => simulation.Await(() =>
        {
            simulation.RunUntilIdle();
            return Task.CompletedTask;
        }));
    }

    private static (ulong Hash, string Order) Race(ulong seed)
    {
        var world = new SimulatedSystem(seed);
        string order = "";
        ActorRef<int>[] actors =
        [
            .. Enumerable.Range(0, 4).Select(
                number => world.Spawn(new Scripted<int> { OnReceive = (_, _) => order += number })),
        ];
        world.Simulation.RunUntilIdle();
        foreach (ActorRef<int> actor in actors)
        {
            actor.Tell(1);
        }

        world.Simulation.RunUntilIdle();
        return (world.Simulation.TraceHash, order);
    }

    private static async Task EscapingAsync(SimulationDispatcher simulation)
    {
        // The inner part continues on the thread pool; the outer one then posts back from there.
        await InnerAsync(simulation.Clock);
    }

    private static async Task InnerAsync(TimeProvider clock) =>
        await Task.Delay(TimeSpan.FromSeconds(1), clock).ConfigureAwait(false);

    /// <summary>Runs on until the foreign thread has come in, which takes real time.</summary>
    private static void Spin(SimulationDispatcher simulation, Task escaped)
    {
        while (!escaped.IsCompleted)
        {
            simulation.RunFor(TimeSpan.FromSeconds(1));
        }
    }

    private static void TellFromElsewhere(ActorRef<int> actor) => actor.Tell(1);
}
