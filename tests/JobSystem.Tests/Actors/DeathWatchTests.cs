using System.Runtime.CompilerServices;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class DeathWatchTests
{
    private readonly List<string> _received = [];

    [Fact]
    public void A_watcher_is_notified_once_when_the_other_stops_in_another_branch_of_the_tree()
    {
        var world = new SimulatedSystem();
        ActorRef<int>? other = null;
        world.Spawn(new Scripted<int> { OnStarting = context => other = context.Spawn(() => new Scripted<int>()) });
        world.Simulation.RunUntilIdle();
        world.Spawn(Watcher(context => context.Watch(other!, "gone")));
        world.Simulation.RunUntilIdle();
        Assert.Empty(_received);

        world.Simulation.Await(world.System.StopAsync(other!));
        world.Simulation.RunUntilIdle();
        Assert.Equal(["gone"], _received);
    }

    [Fact]
    public void Watching_what_has_stopped_already_notifies_at_once()
    {
        var world = new SimulatedSystem();
        ActorRef<int> other = world.Spawn(new Scripted<int>());
        world.Simulation.Await(world.System.StopAsync(other));

        world.Spawn(Watcher(context => context.Watch(other, "gone")));

        world.Simulation.RunUntilIdle();
        Assert.Equal(["gone"], _received);
    }

    [Fact]
    public void The_notification_comes_past_a_full_mailbox_and_after_what_the_other_has_told()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            _received.Clear();
            var world = new SimulatedSystem(seed);
            ActorRef<int> other = world.System.Spawn(() => new Scripted<int>());
            ActorRef<string> watcher = world.Spawn(
                Watcher(context => context.Watch(other, "gone")), mailboxCapacity: 2);
            ActorRef<int> last = world.Spawn(new Scripted<int>
            {
                OnStarting = context =>
                {
                    watcher.Tell("first");
                    watcher.Tell("second");
                    watcher.Tell("refused");
                    _ = world.System.StopAsync(other);
                },
            });

            world.Simulation.RunUntilIdle();
            Assert.Equal("gone", _received[^1]);
            Assert.Equal(4, _received.Count + world.DeadLetters.Count);
        }
    }

    [Fact]
    public void What_an_actor_told_before_it_stopped_arrives_before_the_notification()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            _received.Clear();
            var world = new SimulatedSystem(seed);
            world.Spawn(Watcher(context =>
            {
                ActorRef<int> child = context.Spawn(() => new Scripted<int>
                {
                    OnReceive = (child, _) =>
                    {
                        context.Self.Tell("result");
                        child.StopSelf();
                    },
                });
                context.Watch(child, "gone");
                child.Tell(1);
            }));

            world.Simulation.RunUntilIdle();
            Assert.Equal(["result", "gone"], _received);
        }
    }

    [Fact]
    public void After_an_unwatch_no_notification_arrives_not_even_one_that_waited()
    {
        var world = new SimulatedSystem();
        ActorRef<int> other = world.Spawn(new Scripted<int>());
        ActorRef<string> watcher = world.Spawn(new Scripted<string>
        {
            OnStarting = context => context.Watch(other, "gone"),
            OnReceive = (context, message) =>
            {
                _received.Add(message);
                if (message == "unwatch")
                {
                    // The other stops while this message is being received: its notification waits behind it.
                    context.Unwatch(other);
                }
            },
        });
        world.Simulation.RunUntilIdle();
        watcher.Tell("unwatch");
        Task stopped = world.System.StopAsync(other);

        world.Simulation.Await(stopped);
        world.Simulation.RunUntilIdle();
        Assert.Equal(["unwatch"], _received);
    }

    [Fact]
    public void After_an_unwatch_the_other_keeps_nothing_of_the_watch()
    {
        var world = new SimulatedSystem();
        ActorRef<int> other = world.Spawn(new Scripted<int>());
        WeakReference notification = WatchAndUnwatch(world, other);
        world.Simulation.RunUntilIdle();

        GC.Collect();

        Assert.False(notification.IsAlive);
        GC.KeepAlive(other);
    }

    [Fact]
    public void Watching_again_replaces_the_notification()
    {
        var world = new SimulatedSystem();
        ActorRef<int> other = world.Spawn(new Scripted<int>());
        world.Spawn(Watcher(context =>
        {
            context.Watch(other, "old");
            context.Watch(other, "new");
        }));
        world.Simulation.RunUntilIdle();

        world.Simulation.Await(world.System.StopAsync(other));
        world.Simulation.RunUntilIdle();
        Assert.Equal(["new"], _received);
    }

    [Fact]
    public void A_restart_of_the_other_is_not_its_end_and_a_restart_of_the_watcher_ends_the_watch()
    {
        var world = new SimulatedSystem();
        ActorRef<int> other = world.System.Spawn(() => new Scripted<int>
        {
            OnReceive = (_, _) => throw new FormatException(),
        });
        bool watched = false;
        ActorRef<string> watcher = world.System.Spawn(() => new Scripted<string>
        {
            OnStarting = context =>
            {
                if (!watched)
                {
                    watched = true;
                    context.Watch(other, "gone");
                }
            },
            OnReceive = (_, message) =>
            {
                _received.Add(message);
                throw new FormatException();
            },
        });
        other.Tell(1);
        world.Simulation.RunFor(TimeSpan.FromMinutes(1));
        Assert.Empty(_received);

        watcher.Tell("fail");
        world.Simulation.RunFor(TimeSpan.FromMinutes(1));
        world.Simulation.Await(world.System.StopAsync(other));
        world.Simulation.RunUntilIdle();
        Assert.Equal(["fail"], _received);
    }

    [Fact]
    public void Watching_itself_or_a_stranger_is_an_error()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        var stranger = new Stranger();
        List<Exception> thrown = [];
        world.Spawn(new Scripted<string>
        {
            OnStarting = context =>
            {
                thrown.Add(Assert.Throws<ArgumentException>(() => context.Watch(context.Self, "self")));
                thrown.Add(Assert.Throws<ArgumentException>(() => context.Watch(stranger, "stranger")));
            },
        });

        world.Simulation.RunUntilIdle();
        Assert.Equal(2, thrown.Count);
    }

    [Fact]
    public async Task On_the_thread_pool_every_watcher_is_notified_once_while_the_other_is_stopping()
    {
        for (int round = 0; round < 2000; round++)
        {
            await using var system = new ActorSystem("test");
            int notified = 0;
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ActorRef<int> other = system.Spawn(() => new Scripted<int>());
            const int watchers = 8;
            for (int watcher = 0; watcher < watchers; watcher++)
            {
                if (watcher == round % watchers)
                {
                    _ = system.StopAsync(other);
                }

                system.Spawn(() => new Scripted<int>
                {
                    OnStarting = context => context.Watch(other, 1),
                    OnReceive = (_, _) =>
                    {
                        if (Interlocked.Increment(ref notified) == watchers)
                        {
                            all.SetResult();
                        }
                    },
                });
            }

            await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await system.StopAsync();
            Assert.Equal(watchers, notified);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WatchAndUnwatch(SimulatedSystem world, ActorRef<int> other)
    {
        string notification = new('n', 10);
        var reference = new WeakReference(notification);
        Action<ActorContext<string>>? starting = context =>
        {
            context.Watch(other, notification);
            notification = "";
            context.Unwatch(other);
        };
        world.Spawn(new Scripted<string> { OnStarting = starting });
        world.Simulation.RunUntilIdle();
        return reference;
    }

    private Scripted<string> Watcher(Action<ActorContext<string>> starting) => new()
    {
        OnStarting = starting,
        OnReceive = (_, message) => _received.Add(message),
    };

    private sealed class Stranger : ActorRef
    {
        public override ActorPath Path => new(null, "stranger");
    }
}
