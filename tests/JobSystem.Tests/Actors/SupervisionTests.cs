using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed partial class SupervisionTests
{
    private static readonly RestartBackoff _atOnce = new(TimeSpan.Zero, TimeSpan.Zero);
    private readonly List<string> _log = [];

    [Fact]
    public void A_restart_keeps_the_address_and_the_messages_and_drops_the_failing_one()
    {
        var world = new SimulatedSystem();
        ActorRef<int> actor = SpawnFailing(world, failOn: 2);
        for (int message = 1; message <= 4; message++)
        {
            actor.Tell(message);
        }

        world.Simulation.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["starting", "1", "2!", "stopped", "starting", "3", "4"], _log);
        Assert.Equal(0, world.System.DeadLetters.Count);
        Assert.Equal(Directive.Restart, Assert.Single(world.Failures).Decision.Directive);
    }

    [Fact]
    public void A_resumed_actor_goes_on_with_the_same_instance()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(_ => Directive.Resume));
        ActorRef<int> actor = SpawnFailing(world, failOn: 2);
        for (int message = 1; message <= 3; message++)
        {
            actor.Tell(message);
        }

        world.Simulation.RunUntilIdle();
        Assert.Equal(["starting", "1", "2!", "3"], _log);
    }

    [Fact]
    public void An_actor_that_is_stopped_by_decision_leaves_its_messages_as_dead_letters()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        ActorRef<int> actor = SpawnFailing(world, failOn: 1);
        actor.Tell(1);
        actor.Tell(2);

        world.Simulation.RunUntilIdle();
        Assert.Equal(["starting", "1!", "stopped"], _log);
        Assert.Equal(2, Assert.Single(world.DeadLetters).Message);
        Assert.True(world.System.WhenStopped(actor).IsCompleted);
    }

    [Fact]
    public void No_message_is_received_before_the_back_off_has_passed_but_a_stop_is_obeyed()
    {
        var pause = TimeSpan.FromSeconds(10);
        var world = new SimulatedSystem(
            supervision: SupervisionStrategy.OneForOne(backoff: new RestartBackoff(pause, pause)));
        ActorRef<int> waits = SpawnFailing(world, failOn: 1);
        ActorRef<int> stops = world.Spawn(new Scripted<int> { OnReceive = (_, _) => throw new Injected() });
        waits.Tell(1);
        waits.Tell(2);
        stops.Tell(1);

        world.Simulation.RunFor(pause - TimeSpan.FromMilliseconds(1));
        Assert.Equal(["starting", "1!", "stopped"], _log);
        world.Simulation.Await(world.System.StopAsync(stops));
        Assert.Equal(pause - TimeSpan.FromMilliseconds(1), world.Simulation.Time.Elapsed);

        world.Simulation.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["starting", "1!", "stopped", "starting", "2"], _log);
    }

    [Fact]
    public void An_actor_that_is_stopped_during_its_back_off_leaves_no_timer_behind()
    {
        var world = new SimulatedSystem();
        ActorRef<int> actor = SpawnFailing(world, failOn: 1);
        actor.Tell(1);
        world.Simulation.RunUntilIdle();
        Assert.Equal(1, world.Simulation.Time.Timers);

        world.Simulation.Await(world.System.StopAsync(actor));

        Assert.Equal(0, world.Simulation.Time.Timers);
    }

    [Fact]
    public void What_an_old_instance_wants_in_its_Stopped_does_not_stop_the_new_one()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(backoff: _atOnce));
        ActorRef<int> actor = world.System.Spawn(() => new Scripted<int>
        {
            OnReceive = (_, message) =>
            {
                _log.Add($"{message}");
                if (message == 1)
                {
                    throw new Injected();
                }
            },
            OnStopped = context => context.StopSelf(),
        });
        actor.Tell(1);
        actor.Tell(2);

        world.Simulation.RunUntilIdle();
        Assert.Equal(["1", "2"], _log);
    }

    [Fact]
    public void A_budget_that_is_exhausted_makes_the_parent_fail()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        int instances = 0;
        world.Spawn(
            new Scripted<int>
            {
                OnSupervision = () => SupervisionStrategy.OneForOne(
                    budget: new RestartBudget(3, TimeSpan.FromMinutes(1)), backoff: _atOnce),
                OnStarting = context => context.Spawn(
                    () => new Scripted<int>
                    {
                        OnStarting = _ =>
                        {
                            instances++;
                            throw new Injected();
                        },
                    },
                    "child"),
                OnStopped = _ => _log.Add("parent stopped"),
            },
            "parent");

        world.Simulation.RunUntilIdle();
        Assert.Equal(4, instances);
        Assert.Equal(["parent stopped"], _log);
        Assert.Equal(
            ["/test/parent/child Restart", "/test/parent/child Restart", "/test/parent/child Restart",
                "/test/parent/child Escalate", "/test/parent Stop"],
            world.Failures.Select(failure => $"{failure.Path} {failure.Decision.Directive}"));
        Assert.All(world.Failures, failure => Assert.IsType<Injected>(failure.Exception));
    }

    [Fact]
    public void A_failure_that_nobody_decides_about_stops_the_whole_system_and_is_kept()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(_ => Directive.Escalate));
        ActorRef<int> actor = SpawnFailing(world, failOn: 1);
        world.Spawn(new Scripted<int> { OnStopped = _ => _log.Add("bystander stopped") });
        actor.Tell(1);

        world.Simulation.Await(world.System.Stopped);
        Assert.IsType<Injected>(world.System.Failure);
        Assert.Contains("bystander stopped", _log);
        Assert.Contains("stopped", _log);
    }

    [Fact]
    public void When_the_parent_is_resumed_the_child_that_escalated_is_too()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(_ => Directive.Resume));
        ActorRef<int>? child = null;
        world.Spawn(new Scripted<int>
        {
            OnSupervision = () => SupervisionStrategy.OneForOne(_ => Directive.Escalate),
            OnStarting = context => child = context.Spawn(() => Failing(failOn: 1)),
        });
        world.Simulation.RunUntilIdle();
        child!.Tell(1);
        child.Tell(2);

        world.Simulation.RunUntilIdle();
        Assert.Equal(["starting", "1!", "2"], _log);
    }

    [Fact]
    public void A_parent_that_waits_for_its_own_decision_does_not_fail_again_for_another_child()
    {
        HashSet<int> decisions = [];
        for (ulong seed = 0; seed < 100; seed++)
        {
            _log.Clear();
            var world = new SimulatedSystem(seed, SupervisionStrategy.OneForOne(_ => Directive.Resume));
            List<ActorRef<int>> children = [];
            ActorRef<int> parent = world.Spawn(new Scripted<int>
            {
                OnSupervision = () => SupervisionStrategy.OneForOne(_ => Directive.Escalate),
                OnStarting = context => children.AddRange(
                    [context.Spawn(() => Failing(failOn: 1)), context.Spawn(() => Failing(failOn: 1))]),
            });
            world.Simulation.RunUntilIdle();
            foreach (ActorRef<int> child in children)
            {
                child.Tell(1);
                child.Tell(2);
            }

            world.Simulation.RunUntilIdle();
            Assert.Equal(2, _log.Count(line => line == "2"));
            decisions.Add(world.Failures.Count(failure => failure.Path == parent.Path));
        }

        Assert.Equal([1, 2], decisions.Order());
    }

    [Fact]
    public void A_restarted_parent_stops_its_children_first_and_spawns_them_anew()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(backoff: _atOnce));
        ActorRef<int> parent = world.System.Spawn(() => new Scripted<int>
        {
            OnStarting = context =>
            {
                _log.Add("parent starting");
                context.Spawn(Child, "child");
            },
            OnReceive = (_, _) => throw new Injected(),
            OnStopped = _ => _log.Add("parent stopped"),
        });
        world.Simulation.RunUntilIdle();
        parent.Tell(1);

        world.Simulation.RunUntilIdle();
        Assert.Equal(
            ["parent starting", "starting", "stopped", "parent stopped", "parent starting", "starting"], _log);

        Scripted<int> Child() => Failing(failOn: -1);
    }

    [Fact]
    public void A_failure_in_Starting_and_in_the_factory_is_decided_like_any_other()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(backoff: _atOnce));
        int attempts = 0;
        ActorRef<int> actor = world.System.Spawn(() => ++attempts switch
        {
            1 => throw new Injected(),
            2 => new Scripted<int> { OnStarting = _ => throw new Injected(), OnStopped = _ => _log.Add("half") },
            _ => new Scripted<int> { OnReceive = (_, message) => _log.Add($"{message}") },
        });
        actor.Tell(7);

        world.Simulation.RunUntilIdle();
        Assert.Equal(3, attempts);
        Assert.Equal(["half", "7"], _log);
    }

    [Fact]
    public void Resuming_an_actor_that_was_never_constructed_stops_it()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(_ => Directive.Resume));
        ActorRef<int> actor = world.System.Spawn<int>(() => throw new Injected());

        world.Simulation.Await(world.System.WhenStopped(actor));
        Assert.Single(world.Failures);
    }

    [Fact]
    public void What_Stopped_throws_is_reported_and_loses_neither_the_restart_nor_the_stop()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.OneForOne(backoff: _atOnce));
        ActorRef<int> actor = world.System.Spawn(() => new Scripted<int>
        {
            OnReceive = (_, message) =>
            {
                _log.Add($"{message}");
                if (message == 1)
                {
                    throw new Injected();
                }
            },
            OnStopped = _ => throw new FormatException("stopped"),
        });
        actor.Tell(1);
        actor.Tell(2);
        world.Simulation.RunUntilIdle();
        world.Stop();

        Assert.Equal(["1", "2"], _log);
        Assert.Equal(
            [typeof(Injected), typeof(FormatException), typeof(FormatException)],
            world.Failures.Select(failure => failure.Exception.GetType()));
    }

    [Fact]
    public void A_supervision_property_that_throws_escalates_and_loses_no_child()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        ActorRef<int>? child = null;
        ActorRef<int> parent = world.Spawn(new Scripted<int>
        {
            OnSupervision = () => throw new FormatException("supervision"),
            OnStarting = context => child = context.Spawn(() => Failing(failOn: 1)),
        });
        world.Simulation.RunUntilIdle();
        child!.Tell(1);

        world.Simulation.Await(world.System.WhenStopped(parent));
        Assert.True(world.System.WhenStopped(child).IsCompleted);
        Assert.IsType<AggregateException>(world.Failures[^1].Exception);
    }

    [Fact]
    public void An_actor_that_asks_to_stop_and_then_throws_stops()
    {
        var world = new SimulatedSystem();
        ActorRef<int> actor = world.Spawn(new Scripted<int>
        {
            OnReceive = (context, _) =>
            {
                context.StopSelf();
                throw new Injected();
            },
        });
        actor.Tell(1);

        world.Simulation.Await(world.System.WhenStopped(actor));
        Assert.Equal(Directive.Stop, Assert.Single(world.Failures).Decision.Directive);
    }

    private ActorRef<int> SpawnFailing(SimulatedSystem world, int failOn) =>
        world.System.Spawn(() => Failing(failOn));

    private Scripted<int> Failing(int failOn) => new()
    {
        OnStarting = _ => _log.Add("starting"),
        OnReceive = (_, message) =>
        {
            _log.Add(message == failOn ? $"{message}!" : $"{message}");
            if (message == failOn)
            {
                throw new Injected();
            }
        },
        OnStopped = _ => _log.Add("stopped"),
    };

    private sealed class Injected() : Exception("injected");
}
