using Akka.Actor;
using Akka.Event;
using Xunit;

namespace JobSystem.TestKit.Tests;

/// <summary>Of Akka's death watch and of its mailboxes, what the engine relies on.</summary>
public sealed class DeathWatchTests
{
    private readonly Simulation _simulation = new(7);
    private readonly ActorSystem _system;
    private readonly List<object> _heard = [];

    public DeathWatchTests() => _system = _simulation.StartSystem("test");

    [Fact]
    public void The_notice_of_a_death_comes_after_all_that_was_told() => SimulationSeeds.ForEach(100, seed =>
    {
        List<object> heard = [];
        var simulation = new Simulation(seed);
        ActorSystem system = simulation.StartSystem("test");
        IActorRef watcher = ActorRefs.Nobody;
        IActorRef watched = system.ActorOf(Scripted.Props(new Script
        {
            OnReceive = (self, _) =>
            {
                Enumerable.Range(0, 9).ToList().ForEach(number => watcher.Tell(number));
                self.Context.Stop(self.Self);
            },
            OnStop = _ => watcher.Tell(9),
        }));
        watcher = system.ActorOf(Scripted.Props(new Script
        {
            OnStart = self => self.Context.WatchWith(watched, "dead"),
            OnReceive = (_, message) => heard.Add(message),
        }));
        simulation.RunUntilIdle();
        watched.Tell("go");
        simulation.RunUntilIdle();

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "dead"], heard);
    });

    [Fact]
    public void The_message_of_the_first_watch_is_the_one_that_comes()
    {
        IActorRef watched = Mortal();
        _system.ActorOf(Scripted.Props(new Script
        {
            OnStart = self =>
            {
                self.Context.WatchWith(watched, "first");
                self.Context.WatchWith(watched, "second");
            },
            OnReceive = (_, message) => _heard.Add(message),
        }));
        EndAndListen(watched);

        Assert.Equal(["first"], _heard);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_watch_survives_the_restart_of_the_watcher_unless_it_is_taken_back(bool takenBack, int notices)
    {
        IActorRef watched = Mortal();
        IActorRef watcher = _system.ActorOf(Scripted.Props(new Script
        {
            OnStart = self =>
            {
                if (takenBack)
                {
                    self.Context.Unwatch(watched);
                }
            },
            OnReceive = (self, message) =>
            {
                switch (message)
                {
                    case "watch":
                        self.Context.WatchWith(watched, "dead");
                        break;
                    case "fail":
                        throw new InvalidOperationException("on purpose");
                    default:
                        _heard.Add(message);
                        break;
                }
            },
        }));
        watcher.Tell("watch");
        watcher.Tell("fail");
        EndAndListen(watched);

        Assert.Equal(Enumerable.Repeat<object>("dead", notices), _heard);
    }

    [Fact]
    public void A_watch_that_was_taken_back_says_nothing_even_if_the_death_has_happened()
    {
        IActorRef watched = Mortal();
        IActorRef watcher = _system.ActorOf(Scripted.Props(new Script
        {
            OnStart = self => self.Context.Watch(watched),
            OnReceive = (self, message) =>
            {
                _heard.Add(message);
                self.Context.Unwatch(watched);
            },
        }));
        _simulation.RunUntilIdle();
        watcher.Tell("unwatch");
        watched.Tell("die");
        _simulation.RunUntilIdle();

        Assert.Equal(["unwatch"], _heard.Where(message => message is not Terminated).Distinct());
    }

    [Fact]
    public void Who_watches_the_dead_is_told_at_once()
    {
        IActorRef watched = Mortal();
        watched.Tell("die");
        _simulation.RunUntilIdle();
        _system.ActorOf(Scripted.Props(new Script
        {
            OnStart = self => self.Context.WatchWith(watched, "dead"),
            OnReceive = (_, message) => _heard.Add(message),
        }));
        _simulation.RunUntilIdle();

        Assert.Equal(["dead"], _heard);
    }

    [Fact]
    public void What_waits_in_the_mailbox_of_an_actor_that_stops_becomes_a_dead_letter()
    {
        _system.EventStream.Subscribe(
            _system.ActorOf(Scripted.Props((_, letter) => _heard.Add(((DeadLetter)letter).Message))),
            typeof(DeadLetter));
        IActorRef mortal = Mortal();
        foreach (string message in (string[])["die", "1", "2"])
        {
            mortal.Tell(message);
        }

        _simulation.RunUntilIdle();

        Assert.Equal(["1", "2"], _heard);
    }

    [Fact]
    public void The_name_of_a_stopped_child_is_free_only_when_it_has_ended()
    {
        _system.ActorOf(Scripted.Props(new Script
        {
            OnStart = self =>
            {
                IActorRef child = self.Context.ActorOf(Scripted.Props((_, _) => { }), "child");
                self.Context.WatchWith(child, "ended");
                self.Context.Stop(child);
                Assert.Throws<InvalidActorNameException>(
                    () => self.Context.ActorOf(Scripted.Props((_, _) => { }), "child"));
            },
            OnReceive = (self, message) =>
            {
                self.Context.ActorOf(Scripted.Props((_, _) => { }), "child");
                _heard.Add(message);
            },
        }));
        _simulation.RunUntilIdle();

        Assert.Equal(["ended"], _heard);
    }

    /// <summary>Stops itself at the first message.</summary>
    private IActorRef Mortal() => _system.ActorOf(Scripted.Props((self, _) => self.Context.Stop(self.Self)));

    private void EndAndListen(IActorRef watched)
    {
        _simulation.RunUntilIdle();
        watched.Tell("die");
        _simulation.RunUntilIdle();
    }
}
