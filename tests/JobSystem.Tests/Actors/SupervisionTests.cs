using System.Collections.Concurrent;
using Akka.Actor;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>
/// Suspend and Restart of Akka's internal refs, which group supervision calls itself, come in pairs: on real threads,
/// with children that fail at any moment. One Suspend too many, and a child never hears again.
/// </summary>
public sealed class SupervisionTests
{
    private const int Rounds = 300;

    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private static readonly RestartBudget _budget = new(
        Max: int.MaxValue, Within: TimeSpan.FromHours(1),
        MinPause: TimeSpan.FromMilliseconds(1), MaxPause: TimeSpan.FromMilliseconds(1));

    [Fact]
    public async Task Children_that_fail_at_any_moment_all_hear_again_when_the_failures_end()
    {
        using var system = OwnActorSystem.Start(TimeProvider.System);
        var children = new ConcurrentDictionary<string, IActorRef>();
        var restarts = 0;
        var environment = new ActorEnvironment(TimeProvider.System, Seed: 1);
        system.ActorOf(ActorProps.Of<object>(
            () => new GroupActor(environment, children, () => Interlocked.Increment(ref restarts))));
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var expected = 0;
            var pings = new Pings();
            await Parallel.ForEachAsync(Enumerable.Range(0, 4), (teller, _) =>
            {
                Random own;
                lock (random)
                {
                    own = new Random(random.Next());
                }

                for (var message = 0; message < 20; message++)
                {
                    if (own.Next(10) == 0)
                    {
                        ChildOf(children, own.Next(3)).Tell("fail", ActorRefs.NoSender);
                    }
                    else
                    {
                        Interlocked.Increment(ref expected);
                        ChildOf(children, own.Next(3)).Tell(pings, ActorRefs.NoSender);
                    }
                }

                return ValueTask.CompletedTask;
            });
            await pings.HeardAsync(expected).WaitAsync(_deadline);
        }

        Assert.True(Volatile.Read(ref restarts) > Rounds, $"only {restarts} restarts in {Rounds} rounds");
    }

    [Fact]
    public async Task A_tree_that_is_stopped_in_its_pause_ends()
    {
        using var system = OwnActorSystem.Start(TimeProvider.System);
        var environment = new ActorEnvironment(TimeProvider.System, Seed: 1);
        for (var round = 0; round < Rounds; round++)
        {
            var children = new ConcurrentDictionary<string, IActorRef>();
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var parent = system.ActorOf(ActorProps.Of<object>(
                () => new GroupActor(environment, children, static () => { }, ended.SetResult)));
            ChildOf(children, round % 3).Tell("fail", ActorRefs.NoSender);
            system.Stop(parent);
            await ended.Task.WaitAsync(_deadline);
        }
    }

    /// <summary>Children are born on a thread of their own; it takes a moment.</summary>
    private static IActorRef ChildOf(ConcurrentDictionary<string, IActorRef> children, int index)
    {
        IActorRef? child;
        while (!children.TryGetValue($"{index}", out child))
        {
            Thread.Yield();
        }

        return child;
    }

    /// <summary>Counts who heard.</summary>
    private sealed class Pings
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _heard;
        private int _expected = int.MaxValue;

        public void Hear()
        {
            if (Interlocked.Increment(ref _heard) >= Volatile.Read(ref _expected))
            {
                _all.TrySetResult();
            }
        }

        public Task HeardAsync(int expected)
        {
            Interlocked.Exchange(ref _expected, expected);
            if (Volatile.Read(ref _heard) >= expected)
            {
                _all.TrySetResult();
            }

            return _all.Task;
        }
    }

    private sealed class GroupActor(
        ActorEnvironment environment, ConcurrentDictionary<string, IActorRef> children, Action restarted,
        Action? ended = null) : TypedActor<object>(environment)
    {
        protected override SupervisorStrategy SupervisorStrategy() => new GroupSupervision(
            _budget, Directive.Stop, Environment, () => Random, (_, _, _) => restarted());

        protected override void PreStart()
        {
            for (var index = 0; index < 3; index++)
            {
                children[$"{index}"] = Spawn<object>(() => new PingActor(Environment), $"{index}").Actor;
            }
        }

        protected override void PostStop() => ended?.Invoke();

        protected override void Receive(object message)
        {
        }
    }

    private sealed class PingActor(ActorEnvironment environment) : TypedActor<object>(environment)
    {
        protected override void Receive(object message)
        {
            if (message is not Pings pings)
            {
                throw new InvalidOperationException("It was told to fail.");
            }

            pings.Hear();
        }
    }
}
