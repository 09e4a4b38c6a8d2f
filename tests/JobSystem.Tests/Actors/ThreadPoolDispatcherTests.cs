using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class ThreadPoolDispatcherTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_actor_that_goes_on_with_its_messages_does_not_hold_up_the_one_it_has_told()
    {
        await using var system = new ActorSystem("test");
        using var queued = new SemaphoreSlim(0);
        using var reached = new SemaphoreSlim(0);
        var met = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRef<int> other = system.Spawn(() => new Scripted<int> { OnReceive = (_, _) => reached.Release() });
        other.Tell(0);
        Assert.True(await reached.WaitAsync(_patience)); // it is there and has nothing to do
        ActorRef<int> busy = system.Spawn(() => new Scripted<int>
        {
            OnReceive = (_, message) =>
            {
                switch (message)
                {
                    case 0:
                        queued.Wait(_patience);
                        break;
                    case 1:
                        other.Tell(1);
                        break;
                    case 2:
                        met.SetResult(reached.Wait(_patience));
                        break;
                }
            },
        });

        // All three are received in one run of the actor.
        busy.Tell(0);
        busy.Tell(1);
        busy.Tell(2);
        queued.Release();

        Assert.True(await met.Task);
    }

    [Fact]
    public async Task Actors_that_follow_each_other_give_the_thread_back_after_so_many_runs()
    {
        var pingPong = new Endless();

        await Task.Run(() => PoolWorker.Current.Execute(pingPong)).WaitAsync(_patience);

        Assert.Equal(ThreadPoolDispatcher.MaxFollowers, pingPong.Runs);
        await pingPong.HandedToThePool.WaitAsync(_patience);
    }

    [Fact]
    public async Task What_an_actor_puts_in_an_AsyncLocal_does_not_reach_the_one_that_follows_it()
    {
        var local = new AsyncLocal<string>();
        string? seen = "nothing has followed";
        var second = new Once(() => seen = local.Value);
        var first = new Once(() =>
        {
            local.Value = "leaked";
            PoolWorker.Schedule(second);
        });

        await Task.Run(() => PoolWorker.Current.Execute(first)).WaitAsync(_patience);

        Assert.Null(seen);
    }

    [Fact]
    public void A_run_ends_after_as_many_messages_as_it_was_given_and_says_that_there_are_more()
    {
        var dispatcher = new ByHand();
        var system = new ActorSystem("test", new ActorSystemOptions { Dispatcher = dispatcher });
        int received = 0;
        ActorRef<int> endless = system.Spawn(() => new Scripted<int>
        {
            OnReceive = (context, _) =>
            {
                received++;
                context.Self.Tell(1);
            },
        });
        endless.Tell(1);
        dispatcher.Next().Run(100); // the root adopts it
        IRunnable actor = dispatcher.Next();
        actor.Run(1); // it is created

        RunResult result = actor.Run(100);

        Assert.True(result.More);
        Assert.Equal(100, received);
    }

    [Fact]
    public void With_a_seed_its_random_numbers_can_be_had_again_and_without_one_they_cannot()
    {
        Assert.Equal(Draw(new ThreadPoolDispatcher(seed: 5)), Draw(new ThreadPoolDispatcher(seed: 5)));
        Assert.NotEqual(Draw(new ThreadPoolDispatcher(seed: 5)), Draw(new ThreadPoolDispatcher(seed: 6)));
        Assert.NotEqual(Draw(new ThreadPoolDispatcher()), Draw(new ThreadPoolDispatcher()));

        static long Draw(ThreadPoolDispatcher dispatcher) => dispatcher.CreateRandom(1).NextInt64();
    }

    /// <summary>Schedules itself each time it runs.</summary>
    private sealed class Endless : IRunnable
    {
        private readonly TaskCompletionSource _handed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Runs { get; private set; }

        public Task HandedToThePool => _handed.Task;

        public ulong TraceId => 0;

        public RunResult Run(int messages)
        {
            Runs++;
            PoolWorker.Schedule(this);
            return new RunResult(More: false, null);
        }

        public void Execute() => _handed.SetResult();
    }

    private sealed class Once(Action act) : IRunnable
    {
        public ulong TraceId => 0;

        public RunResult Run(int messages)
        {
            act();
            return new RunResult(More: false, null);
        }

        public void Execute() => throw new NotSupportedException("It was to follow on the same thread.");
    }

    private sealed class ByHand : IDispatcher
    {
        private readonly Queue<IRunnable> _scheduled = [];

        public TimeProvider Clock { get; } = new VirtualTime();

        public Random CreateRandom(ulong stream) => new(1);

        public ulong NextStream() => 1;

        public void Schedule(IRunnable runnable) => _scheduled.Enqueue(runnable);

        public void Run(Func<Task> work) => work();

        public IRunnable Next() => _scheduled.Dequeue();
    }
}
