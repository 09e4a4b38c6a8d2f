using Akka.Actor;
using Xunit;

namespace JobSystem.TestKit.Tests;

/// <summary>What an actor's timers and its mailbox become when it fails: the engine relies on it.</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_cancelled_timer_never_arrives_however_near_it_was() => SimulationSeeds.ForEach(200, seed =>
    {
        var simulation = new Simulation(seed);
        List<object> heard = [];
        IActorRef actor = StartWithTimer(simulation, heard, (self, _) => self.Timers.Cancel("key"));
        TellAfter(simulation, actor, _second, "cancel");
        simulation.RunFor(3 * _second);

        Assert.DoesNotContain("tick", heard.SkipWhile(message => message is not "cancel"));
    });

    [Fact]
    public void In_some_orders_the_timer_comes_first_and_in_some_the_cancellation()
    {
        var firsts = Enumerable.Range(1, 50).Select(seed =>
        {
            var simulation = new Simulation((ulong)seed);
            List<object> heard = [];
            IActorRef actor = StartWithTimer(simulation, heard, (self, _) => self.Timers.Cancel("key"));
            TellAfter(simulation, actor, _second, "cancel");
            simulation.RunFor(3 * _second);
            return heard[0];
        });

        Assert.Equal(["cancel", "tick"], firsts.Distinct().Order());
    }

    [Fact]
    public void A_timer_of_an_earlier_instance_never_arrives_however_near_it_was() =>
        SimulationSeeds.ForEach(200, seed =>
        {
            var simulation = new Simulation(seed);
            List<object> heard = [];
            IActorRef actor = StartWithTimer(
                simulation, heard, (_, _) => throw new InvalidOperationException("on purpose"));
            TellAfter(simulation, actor, _second, "fail");
            simulation.RunFor(3 * _second);

            Assert.DoesNotContain("tick", heard.SkipWhile(message => message is not "fail"));
        });

    [Fact]
    public void A_restart_keeps_the_mailbox_and_loses_the_message_that_failed()
    {
        var simulation = new Simulation(1);
        List<object> heard = [];
        int starts = 0;
        IActorRef actor = simulation.StartSystem("test").ActorOf(Scripted.Props(new Script
        {
            OnStart = _ => starts++,
            OnReceive = (_, message) =>
            {
                if (message is "fail")
                {
                    throw new InvalidOperationException("on purpose");
                }

                heard.Add(message);
            },
        }));
        foreach (string message in (string[])["1", "fail", "2", "3"])
        {
            actor.Tell(message);
        }

        simulation.RunUntilIdle();

        Assert.Equal(["1", "2", "3"], heard);
        Assert.Equal(2, starts);
    }

    [Fact]
    public void A_restart_stops_the_children_before_the_next_instance_starts()
    {
        var simulation = new Simulation(1);
        List<object> log = [];
        IActorRef parent = simulation.StartSystem("test").ActorOf(Scripted.Props(new Script
        {
            OnStart = self =>
            {
                log.Add("start");
                self.Context.ActorOf(Scripted.Props(new Script { OnStop = _ => log.Add("child stops") }), "child");
            },
            OnReceive = (_, _) => throw new InvalidOperationException("on purpose"),
        }));
        simulation.RunUntilIdle();
        parent.Tell("fail");
        simulation.RunUntilIdle();

        Assert.Equal(["start", "child stops", "start"], log);
    }

    /// <summary>Its first instance sets a timer of a second that says "tick".</summary>
    private static IActorRef StartWithTimer(
        Simulation simulation, List<object> heard, Action<Scripted, object> onOther)
    {
        int starts = 0;
        IActorRef actor = simulation.StartSystem("test").ActorOf(Scripted.Props(new Script
        {
            OnStart = self =>
            {
                if (starts++ == 0)
                {
                    self.Timers.StartSingleTimer("key", "tick", _second);
                }
            },
            OnReceive = (self, message) =>
            {
                heard.Add(message);
                if (message is not "tick")
                {
                    onOther(self, message);
                }
            },
        }));
        simulation.RunUntilIdle();
        return actor;
    }

    private static void TellAfter(Simulation simulation, IActorRef actor, TimeSpan delay, string message) =>
        simulation.Run(async () =>
        {
            TimeProvider clock = simulation.Time;
            await Task.Delay(delay, clock);
            actor.Tell(message);
        });
}
