using Akka.Actor;
using Xunit;

namespace JobSystem.TestKit.Tests;

public sealed class SimulatedSystemTests
{
    private readonly Simulation _simulation = new(7);

    [Fact]
    public void A_system_ends_inside_of_the_simulation()
    {
        List<string> log = [];
        ActorSystem system = _simulation.StartSystem("test");
        system.ActorOf(Scripted.Props(new Script { OnStop = _ => log.Add("actor") }));
        system.RegisterOnTermination(() => log.Add("callback"));

        _simulation.Await(async () =>
        {
            await system.Terminate();
            log.Add("awaited");
        });

        Assert.Equal(["actor", "callback", "awaited"], log);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        _simulation.RunUntilIdle();
        Assert.Equal(0, _simulation.Time.Timers);
    }

    [Fact]
    public void A_system_that_is_disposed_of_outside_runs_the_simulation_until_it_has_ended()
    {
        bool stopped = false;
        using (ActorSystem system = _simulation.StartSystem("test"))
        {
            system.ActorOf(Scripted.Props(new Script { OnStop = _ => stopped = true }));
        }

        Assert.True(stopped);
        _simulation.RunUntilIdle();
    }

    [Fact]
    public void A_system_that_is_disposed_of_inside_says_so_instead_of_hanging()
    {
        ActorSystem system = _simulation.StartSystem("test");

        var thrown = Assert.Throws<TaskSchedulerException>(() => _simulation.Await(() =>
        {
            system.Dispose();
            return Task.CompletedTask;
        }));

        Assert.IsType<InvalidOperationException>(thrown.InnerException);
    }

    [Fact]
    public void Callbacks_at_the_end_run_on_the_thread_of_the_simulation()
    {
        List<int> threads = [];
        ActorSystem system = _simulation.StartSystem("test");
        system.RegisterOnTermination(() => threads.Add(Environment.CurrentManagedThreadId));
        system.RegisterOnTermination(() => threads.Add(Environment.CurrentManagedThreadId));

        _ = system.Terminate();
        _simulation.RunUntilIdle();

        Assert.Equal([Environment.CurrentManagedThreadId, Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void Several_systems_live_in_one_simulation_and_a_step_can_start_one()
    {
        List<string> heard = [];
        ActorSystem first = _simulation.StartSystem("first");
        IActorRef echo = first.ActorOf(Scripted.Props((self, message) => self.Sender.Tell($"{message} from first")));
        first.ActorOf(Scripted.Props((_, message) =>
        {
            ActorSystem second = _simulation.StartSystem("second");
            IActorRef asker = second.ActorOf(Scripted.Props((_, answer) => heard.Add($"{answer} to second")));
            echo.Tell(message, asker);
        })).Tell("hello");

        _simulation.RunUntilIdle();

        Assert.Equal(["hello from first to second"], heard);
    }
}
