using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>All for one: what one child's failure does to its siblings.</summary>
public sealed partial class SupervisionTests
{
    [Fact]
    public void All_for_one_restarts_every_child_once_for_one_failure()
    {
        var world = new SimulatedSystem();
        List<ActorRef<int>> children = [];
        world.Spawn(new Scripted<int>
        {
            OnSupervision = () => SupervisionStrategy.AllForOne(backoff: _atOnce),
            OnStarting = context =>
            {
                for (int child = 0; child < 3; child++)
                {
                    string name = $"child{child}";
                    children.Add(context.Spawn(
                        () => new Scripted<int>
                        {
                            OnStarting = _ => _log.Add(name),
                            OnReceive = (_, _) => throw new Injected(),
                        },
                        name));
                }
            },
        });
        world.Simulation.RunUntilIdle();
        _log.Clear();

        // Two fail at once: one decision covers both.
        children[0].Tell(1);
        children[1].Tell(1);
        world.Simulation.RunUntilIdle();

        Assert.Equal(0, _log.Count % 3);
        Assert.InRange(_log.Count, 3, 6);
        Assert.Equal(_log.Count / 3, world.Failures.Count);
        Assert.All(_log.CountBy(name => name), starts => Assert.Equal(_log.Count / 3, starts.Value));
    }

    [Fact]
    public void A_child_that_is_being_stopped_is_not_restarted_with_its_siblings()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            _log.Clear();
            var world = new SimulatedSystem(seed);
            ActorRef<int>? stopped = null;
            ActorRef<int>? fails = null;
            ActorRef<int> parent = world.Spawn(new Scripted<int>
            {
                OnSupervision = () => SupervisionStrategy.AllForOne(backoff: _atOnce),
                OnStarting = context =>
                {
                    stopped = context.Spawn(() => new Scripted<int>
                    {
                        OnStarting = self =>
                        {
                            _log.Add("starting");
                            self.Spawn(() => new Scripted<int>());
                        },
                    });
                    fails = context.Spawn(() => new Scripted<int> { OnReceive = (_, _) => throw new Injected() });
                },
                OnReceive = (context, _) => context.Stop(stopped!),
            });
            world.Simulation.RunUntilIdle();
            fails!.Tell(1);
            parent.Tell(1);

            world.Simulation.Await(world.System.WhenStopped(stopped!));
            world.Simulation.RunUntilIdle();
            Assert.InRange(_log.Count, 1, 2); // restarted, if it was, before it was stopped
            Assert.False(stopped!.TryTell(1));
            world.Stop();
        }
    }

    [Fact]
    public void A_child_that_is_spawned_after_all_were_restarted_can_fail_too()
    {
        var world = new SimulatedSystem();
        ActorRef<int>? first = null;
        ActorRef<int> parent = world.Spawn(new Scripted<int>
        {
            OnSupervision = () => SupervisionStrategy.AllForOne(backoff: _atOnce),
            OnStarting = context => first = context.Spawn(() => Failing(failOn: 1)),
            OnReceive = (context, _) => context.Spawn(() => Failing(failOn: 1)).Tell(1),
        });
        world.Simulation.RunUntilIdle();
        first!.Tell(1);
        world.Simulation.RunUntilIdle();
        parent.Tell(0);

        world.Simulation.RunUntilIdle();
        Assert.Equal(2, world.Failures.Count);
        Assert.Equal(2 + 3, _log.Count(line => line == "starting"));
    }
}
