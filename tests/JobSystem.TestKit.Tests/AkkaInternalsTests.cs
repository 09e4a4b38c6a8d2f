using System.Reflection;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Util;
using Xunit;

namespace JobSystem.TestKit.Tests;

/// <summary>What the simulation takes of Akka that is not offered: each fails first after an update.</summary>
public sealed class AkkaInternalsTests
{
    [Fact]
    public void Akka_keeps_its_random_numbers_by_thread_where_they_can_be_replaced()
    {
        var numbers = new Random(1);
        int expected = new Random(1).Next();
        using (AkkaRandom.Use(numbers))
        {
            Assert.Equal(expected, Current().Next());
        }

        Assert.NotSame(numbers, Current());
    }

    [Fact]
    public void The_uids_of_paths_come_from_the_seed_also_outside_of_a_step()
    {
        static long Uid(ulong seed) =>
            new Simulation(seed).StartSystem("test").ActorOf(Scripted.Props((_, _) => { })).Path.Uid;

        Assert.Equal(Uid(1), Uid(1));
        Assert.NotEqual(Uid(1), Uid(2));
    }

    [Fact]
    public void A_mailbox_lets_its_queue_be_replaced()
    {
        Assert.NotNull(typeof(Mailbox).GetField(
            "<MessageQueue>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance));

        List<SimulationStep> steps = [];
        var simulation = new Simulation(1, new SimulationOptions { OnStep = steps.Add });
        simulation.StartSystem("test").ActorOf(Scripted.Props((_, _) => { })).Tell(2.5);
        simulation.RunUntilIdle();

        Assert.Contains(steps, step => step.Message == typeof(double));
    }

    [Fact]
    public void An_actor_that_stashes_finds_a_queue_that_takes_messages_back()
    {
        List<object> heard = [];
        var simulation = new Simulation(1);
        IActorRef actor = simulation.StartSystem("test").ActorOf(Props.Create(() => new Stasher(heard)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("open");
        simulation.RunUntilIdle();

        Assert.Equal(["open", 1, 2], heard);
    }

    [Fact]
    public void Ten_messages_are_ten_steps_and_only_because_the_deadline_has_passed()
    {
        Assert.Equal(10, StepsForTenMessages(withDeadline: true));
        Assert.Equal(5, StepsForTenMessages(withDeadline: false)); // a throughput of 1 gives two a run
    }

    [Fact]
    public void A_dispatcher_of_the_callers_choice_is_the_simulations_when_it_is_an_alias()
    {
        List<string> heard = [];
        var simulation = new Simulation(1);
        ActorSystem system = simulation.StartSystem("test", "mine = akka.actor.default-dispatcher");
        IActorRef mine = system.ActorOf(Scripted.Props((_, _) => heard.Add("mine")).WithDispatcher("mine"));
        IActorRef blocking = system.ActorOf(Scripted.Props((_, _) => heard.Add("blocking"))
            .WithDispatcher(Dispatchers.DefaultBlockingDispatcherId));
        mine.Tell(1);
        blocking.Tell(1);
        simulation.RunUntilIdle();

        Assert.Equal(["blocking", "mine"], heard.Order());
    }

    [Fact]
    public void What_the_simulation_rests_on_wins_over_the_callers_configuration()
    {
        var simulation = new Simulation(1);
        ActorSystem system = simulation.StartSystem("test", """
            akka.loggers = ["Akka.Event.DefaultLogger"]
            akka.loglevel = DEBUG
            akka.actor.default-dispatcher.type = Dispatcher
            akka.scheduler.implementation = "Akka.Actor.HashedWheelTimerScheduler"
            mine = 3
            """);

        Assert.IsType<SimulatedDispatcher>(system.Dispatchers.DefaultGlobalDispatcher);
        Assert.Equal(simulation.Time.GetUtcNow(), system.Scheduler.Now);
        Assert.Empty(system.Settings.Loggers);
        Assert.Equal("DEBUG", system.Settings.LogLevel);
        Assert.Equal(3, system.Settings.Config.GetInt("mine"));
    }

    private static int StepsForTenMessages(bool withDeadline)
    {
        var simulation = new Simulation(1);
        ActorSystem system = simulation.StartSystem("test");
        IActorRef actor = system.ActorOf(Scripted.Props((_, _) => { }));
        simulation.RunUntilIdle();
        if (!withDeadline)
        {
            typeof(MessageDispatcher).GetProperty(nameof(MessageDispatcher.ThroughputDeadlineTime))!
                .SetValue(system.Dispatchers.DefaultGlobalDispatcher, null);
        }

        long before = simulation.Steps;
        for (int message = 0; message < 10; message++)
        {
            actor.Tell(message);
        }

        simulation.RunUntilIdle();
        return (int)(simulation.Steps - before);
    }

#pragma warning disable RS0030 // it is what is tested
    private static Random Current() => ThreadLocalRandom.Current;
#pragma warning restore RS0030

    private sealed class Stasher(List<object> heard) : UntypedActor, IWithUnboundedStash
    {
        private bool _open;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            _open |= message is "open";
            if (!_open)
            {
                Stash.Stash();
                return;
            }

            heard.Add(message);
            Stash.UnstashAll();
        }
    }
}
