using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class TimerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly List<string> _received = [];

    [Fact]
    public void A_timer_fires_once_after_its_delay()
    {
        var world = new SimulatedSystem();
        world.Spawn(Starting(context => context.StartTimer("key", _second, "fired")));

        world.Simulation.RunFor(_second - TimeSpan.FromTicks(1));
        Assert.Empty(_received);
        world.Simulation.RunFor(10 * _second);
        Assert.Equal(["fired"], _received);
    }

    [Fact]
    public void A_periodic_timer_fires_each_period_until_it_is_cancelled()
    {
        var world = new SimulatedSystem();
        world.Spawn(new Scripted<string>
        {
            OnStarting = context => context.StartPeriodicTimer("key", _second, "tick"),
            OnReceive = (context, message) =>
            {
                _received.Add($"{message} {context.Clock.GetUtcNow():ss}");
                if (_received.Count == 3)
                {
                    context.CancelTimer("key");
                }
            },
        });

        world.Simulation.RunFor(10 * _second);
        Assert.Equal(["tick 01", "tick 02", "tick 03"], _received);
    }

    [Fact]
    public void A_cancelled_timer_never_arrives_even_if_its_message_waits_already()
    {
        HashSet<string> outcomes = [];
        for (ulong seed = 0; seed < 200; seed++)
        {
            _received.Clear();
            var world = new SimulatedSystem(seed);
            ActorRef<string> actor = world.Spawn(new Scripted<string>
            {
                OnStarting = context => context.StartTimer("key", _second, "fired"),
                OnReceive = (context, message) =>
                {
                    _received.Add(message);
                    context.CancelTimer("key");
                },
            });
            world.Simulation.RunUntilIdle();

            // Told in the instant in which the timer fires: often both wait, the one that cancels in front.
            using ITimer told = world.Simulation.Clock.CreateTimer(
                _ => actor.Tell("cancel"), null, _second, Timeout.InfiniteTimeSpan);
            world.Simulation.RunFor(2 * _second);
            outcomes.Add(string.Join(",", _received));
        }

        Assert.Equal(["cancel", "fired,cancel"], outcomes.Order());
    }

    [Fact]
    public void A_timer_of_the_same_key_is_replaced()
    {
        var world = new SimulatedSystem();
        world.Spawn(Starting(context =>
        {
            context.StartTimer(1, _second, "old");
            context.StartTimer(2, _second, "other");
            context.StartTimer(1, 2 * _second, "new");
        }));

        world.Simulation.RunFor(10 * _second);
        Assert.Equal(["other", "new"], _received);
    }

    [Fact]
    public void Timers_die_with_their_actor_and_a_restart_cancels_them()
    {
        var world = new SimulatedSystem();
        int instances = 0;
        ActorRef<string> stops = world.Spawn(Starting(context => context.StartPeriodicTimer(1, _second, "stopped")));
        ActorRef<string> restarts = world.System.Spawn(() => new Scripted<string>
        {
            OnStarting = context =>
            {
                if (++instances == 1)
                {
                    context.StartTimer(1, _second, "restarted");
                }
            },
            OnReceive = (_, message) =>
            {
                _received.Add(message);
                throw new FormatException();
            },
        });
        world.Simulation.RunUntilIdle();
        world.Simulation.Await(world.System.StopAsync(stops));
        restarts.Tell("fail");

        world.Simulation.RunFor(10 * _second);
        Assert.Equal(["fail"], _received);
        Assert.Equal(2, instances);
        Assert.Equal(0, world.Simulation.Time.Timers);
        Assert.Equal(0, world.System.DeadLetters.Count);
    }

    [Fact]
    public void A_timer_comes_past_a_full_mailbox()
    {
        var world = new SimulatedSystem();
        world.Spawn(
            new Scripted<string>
            {
                OnStarting = context =>
                {
                    context.StartTimer(1, TimeSpan.Zero, "fired");
                    context.Self.Tell("fills");
                    context.Self.Tell("refused");
                },
                OnReceive = (_, message) => _received.Add(message),
            },
            mailboxCapacity: 1);

        world.Simulation.RunUntilIdle();
        Assert.Equal(["fills", "fired"], _received.Order());
        Assert.Equal(1, world.System.DeadLetters[DeadLetterReason.MailboxFull]);
    }

    [Fact]
    public async Task Of_ticks_that_an_actor_is_too_slow_for_one_waits_and_the_others_are_skipped()
    {
        var clock = new VirtualTime();
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        var system = new ActorSystem("test", new() { Dispatcher = new ThreadPoolDispatcher(clock) });
        int ticks = 0;
        ActorRef<string> actor = system.Spawn(() => new Scripted<string>
        {
            OnStarting = context => context.StartPeriodicTimer(1, _second, "tick"),
            OnReceive = (_, message) =>
            {
                ticks += message == "tick" ? 1 : 0;
                entered.Release();
                leave.Wait();
            },
        });
        actor.Tell("block");
        Assert.True(await entered.WaitAsync(_second * 30));

        clock.Advance(100 * _second);
        leave.Release(2);
        Assert.True(await entered.WaitAsync(_second * 30));
        leave.Release(100);
        await system.StopAsync().WaitAsync(_second * 30);

        Assert.Equal(1, ticks);
    }

    [Fact]
    public async Task Ticks_among_messages_from_other_threads_lose_none_of_them()
    {
        const int messages = 400_000;
        var clock = new VirtualTime();
        await using var system = new ActorSystem("test", new() { Dispatcher = new ThreadPoolDispatcher(clock) });
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int received = 0;
        ActorRef<int> actor = system.Spawn(() => new Scripted<int>
        {
            OnStarting = context => context.StartPeriodicTimer(1, TimeSpan.FromTicks(1), 0),
            OnReceive = (_, message) =>
            {
                received += message;
                if (received == messages)
                {
                    all.TrySetResult();
                }
            },
        });
        Task ticking = Task.Run(() =>
        {
            while (!all.Task.IsCompleted)
            {
                clock.Advance(TimeSpan.FromTicks(1));
            }
        });

        Parallel.For(0, 2, _ =>
        {
            for (int message = 0; message < messages / 2; message++)
            {
                actor.Tell(1);
            }
        });

        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await ticking;
        Assert.Equal(0, system.DeadLetters.Count);
    }

    private Scripted<string> Starting(Action<ActorContext<string>> starting) => new()
    {
        OnStarting = starting,
        OnReceive = (_, message) => _received.Add(message),
    };
}
