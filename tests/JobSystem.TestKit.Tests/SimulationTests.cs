using Akka.Actor;
using Xunit;

namespace JobSystem.TestKit.Tests;

public sealed class SimulationTests
{
    [Fact]
    public void The_same_seed_gives_the_same_trace_and_other_seeds_explore_other_orders()
    {
        HashSet<ulong> hashes = [];
        HashSet<string> orders = [];
        for (ulong seed = 0; seed < 300; seed++)
        {
            (ulong hash, string order) = Race(seed);
            Assert.Equal((hash, order), Race(seed));
            hashes.Add(hash);
            orders.Add(order);
        }

        Assert.Equal(300, hashes.Count);
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
            var simulation = new Simulation(seed);
            ActorSystem system = simulation.StartSystem("test");
            for (int actor = 0; actor < actors; actor++)
            {
                int number = actor;
                system.ActorOf(Scripted.Props((self, message) =>
                {
                    chosen.Add(number);
                    self.Self.Tell(message);
                })).Tell(1);
            }

            simulation.RunUntil(() => chosen.Count == turns);
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
        var simulation = new Simulation(77, new SimulationOptions { MaxSteps = 1000 });
        simulation.StartSystem("test").ActorOf(Scripted.Props((self, message) => self.Self.Tell(message))).Tell(1);

        var thrown = Assert.Throws<SimulationException>(simulation.RunUntilIdle);

        Assert.Contains("seed 77 at step 1001", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_what_can_never_come_fails_instead_of_hanging()
    {
        var simulation = new Simulation(5);

        var thrown = Assert.Throws<SimulationException>(() => simulation.Await(new TaskCompletionSource().Task));

        Assert.Contains("seed 5", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is left to run", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_within_a_time_fails_when_it_has_passed()
    {
        var simulation = new Simulation(5);
        using ITimer timer = simulation.Time.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        Assert.Throws<SimulationException>(() => simulation.RunUntil(() => false, TimeSpan.FromSeconds(10)));

        Assert.Equal(TimeSpan.FromSeconds(10), simulation.Time.Elapsed);
    }

    [Fact]
    public void A_continuation_that_escapes_to_the_thread_pool_is_named()
    {
        var simulation = new Simulation(9);

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
        var simulation = new Simulation(3);
        IActorRef actor = simulation.StartSystem("test").ActorOf(Scripted.Props((_, _) => { }));
        simulation.RunUntilIdle();
        var foreign = new Thread(() => TellFromElsewhere(actor));
        foreign.Start();
        foreign.Join();

        var thrown = Assert.Throws<SimulationException>(simulation.RunUntilIdle);

        Assert.Contains(nameof(TellFromElsewhere), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Awaits_on_virtual_time_cost_no_real_time()
    {
        var simulation = new Simulation(1);

        DateTimeOffset end = simulation.Await(async () =>
        {
            TimeProvider clock = simulation.Time;
            for (int hour = 0; hour < 24 * 365; hour++)
            {
                await Task.Delay(TimeSpan.FromHours(1), clock);
            }

            return clock.GetUtcNow();
        });

        Assert.Equal(new DateTimeOffset(2000, 12, 31, 0, 0, 0, TimeSpan.Zero), end);
    }

    [Fact]
    public void Running_until_idle_does_not_advance_time_and_running_for_a_time_advances_exactly_that()
    {
        var simulation = new Simulation(1);
        List<TimeSpan> fired = [];
        using ITimer timer = simulation.Time.CreateTimer(
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
        var simulation = new Simulation(1, new SimulationOptions { OnStep = steps.Add });
        simulation.StartSystem("test").ActorOf(Scripted.Props((_, _) => { }), "actor").Tell("message");

        simulation.RunUntilIdle();

        Assert.Contains(
            steps, step => step.Chosen == "akka://test/user/actor" && step.Message == typeof(string));
        Assert.Equal(simulation.Steps, steps[^1].Number);
        Assert.EndsWith("akka://test/user/actor String", $"{steps.Last(step => step.Message == typeof(string))}",
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_actor_puts_in_an_AsyncLocal_does_not_reach_the_next_one()
    {
        var local = new AsyncLocal<string>();
        List<string?> seen = [];
        var simulation = new Simulation(1);
        ActorSystem system = simulation.StartSystem("test");
        for (int actor = 0; actor < 2; actor++)
        {
            system.ActorOf(Scripted.Props((_, _) =>
            {
                seen.Add(local.Value);
                local.Value = "leaked";
            })).Tell(1);
        }

        simulation.RunUntilIdle();
        Assert.Equal([null, null], seen);
    }

    [Fact]
    public void The_start_of_time_can_be_chosen()
    {
        var start = new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));
        var simulation = new Simulation(1, new SimulationOptions { Start = start });

        Assert.Equal(start, simulation.Time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, simulation.Time.GetUtcNow().Offset);
        Assert.Equal(start, simulation.StartSystem("test").Scheduler.Now);
    }

    [Fact]
    public void The_simulation_is_not_run_from_inside_itself()
    {
        var simulation = new Simulation(1);

        Assert.Throws<InvalidOperationException>(() => simulation.Await(() =>
        {
            simulation.RunUntilIdle();
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public void What_work_throws_that_nobody_awaits_ends_the_run()
    {
        var simulation = new Simulation(1);
        simulation.Run(async () =>
        {
            await Task.Yield();
            throw new TimeoutException("of the work");
        });

        Assert.Throws<TimeoutException>(simulation.RunUntilIdle);
    }

    private static (ulong Hash, string Order) Race(ulong seed)
    {
        var simulation = new Simulation(seed);
        ActorSystem system = simulation.StartSystem("test");
        string order = "";
        IActorRef[] actors =
        [
            .. Enumerable.Range(0, 4).Select(number => system.ActorOf(Scripted.Props((_, _) => order += number))),
        ];
        simulation.RunUntilIdle();
        foreach (IActorRef actor in actors)
        {
            actor.Tell(1);
        }

        simulation.RunUntilIdle();
        return (simulation.TraceHash, order);
    }

    private static async Task EscapingAsync(Simulation simulation)
    {
        // The inner part continues on the thread pool; the outer one then posts back from there.
        await InnerAsync(simulation.Time);
    }

    private static async Task InnerAsync(TimeProvider clock) =>
        await Task.Delay(TimeSpan.FromSeconds(1), clock).ConfigureAwait(false);

    /// <summary>Runs on until the foreign thread has come in, which takes real time.</summary>
    private static void Spin(Simulation simulation, Task escaped)
    {
        while (!escaped.IsCompleted)
        {
            simulation.RunFor(TimeSpan.FromSeconds(1));
        }
    }

    private static void TellFromElsewhere(IActorRef actor) => actor.Tell(1);
}
