using Akka.Actor;
using Akka.Pattern;
using Xunit;

namespace JobSystem.TestKit.Tests;

/// <summary>How asynchronous work and questions stay in a simulation, and what happens to what does not.</summary>
public sealed class EscapeTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Simulation _simulation = new(7);
    private readonly ActorSystem _system;
    private readonly List<string> _heard = [];

    public EscapeTests() => _system = _simulation.StartSystem("test");

    [Fact]
    public void Piped_work_comes_back_when_it_continues_in_the_context()
    {
        Worker(self => LaterAsync().PipeTo(self.Self, useConfigureAwait: true)).Tell("go");
        _simulation.RunFor(2 * _second);

        Assert.Equal(["42 after 00:00:01"], _heard);
    }

    [Fact]
    public void Work_that_is_piped_as_usual_escapes_and_ends_the_run()
    {
#pragma warning disable RS0030 // it is what is tested
        Worker(self => LaterAsync().PipeTo(self.Self)).Tell("go");
#pragma warning restore RS0030

        var thrown = Assert.Throws<SimulationException>(() =>
        {
            while (_heard.Count == 0)
            {
                _simulation.RunFor(_second); // until the foreign thread has told
            }
        });

        Assert.Contains("PipeTo", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_continuation_of_a_task_stays_inside()
    {
        int thread = 0;
        _simulation.Await(() => LaterAsync().ContinueWith(
            _ => thread = Environment.CurrentManagedThreadId, TaskScheduler.Current));

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Work_scheduled_on_the_dispatcher_of_an_actor_is_a_step()
    {
        Worker(self => self.Context.Dispatcher.Schedule(() => _heard.Add("scheduled"))).Tell("go");
        long before = _simulation.Steps;
        _simulation.RunUntilIdle();

        Assert.Equal(["scheduled"], _heard);
        Assert.True(_simulation.Steps > before);
    }

    [Fact]
    public void A_question_is_answered_or_ends_with_a_token_on_the_clock()
    {
        IActorRef echo = _system.ActorOf(Scripted.Props((self, message) =>
        {
            if (message is not "nothing")
            {
                self.Sender.Tell($"{message} yourself");
            }
        }));

        _simulation.Await(async () =>
        {
            using var deadline = new CancellationTokenSource(2 * _second, _simulation.Time);
            _heard.Add(await echo.Ask<string>("hello", deadline.Token));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => echo.Ask<string>("nothing", deadline.Token));
        });

        Assert.Equal(["hello yourself"], _heard);
        Assert.Equal(2 * _second, _simulation.Time.Elapsed);
    }

    /// <summary>A trap of .NET: a run that waits for both is told why nothing comes.</summary>
    [Fact]
    public void Two_questions_awaited_together_complete_on_another_thread_which_is_named()
    {
        IActorRef echo = _system.ActorOf(Scripted.Props((self, message) => self.Sender.Tell(message)));

        var thrown = Assert.Throws<SimulationException>(() => _simulation.Await(async () =>
        {
            using var deadline = new CancellationTokenSource(2 * _second, _simulation.Time);
            await Task.WhenAll(echo.Ask<string>("1", deadline.Token), echo.Ask<string>("2", deadline.Token));
        }));

        Assert.Contains("escaped to another thread", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_back_off_of_Akka_draws_from_the_seed()
    {
        static List<TimeSpan> Starts(ulong seed)
        {
            List<TimeSpan> starts = [];
            var simulation = new Simulation(seed);
            Props child = Scripted.Props(new Script
            {
                OnStart = _ => starts.Add(simulation.Time.Elapsed),
                OnReceive = (_, _) => throw new InvalidOperationException("on purpose"),
            });
            IActorRef supervisor = simulation.StartSystem("test").ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(
                child, "child", _second, 30 * _second, randomFactor: 0.5, maxNrOfRetries: 100)));
            for (int failure = 0; failure < 4; failure++)
            {
                supervisor.Tell("fail");
                simulation.RunFor(40 * _second);
            }

            return starts;
        }

        Assert.Equal(5, Starts(1).Count);
        Assert.Equal(Starts(1), Starts(1));
        Assert.NotEqual(Starts(1), Starts(2));
    }

    /// <summary>Does this at "go", and notes every other message.</summary>
    private IActorRef Worker(Action<Scripted> work) => _system.ActorOf(Scripted.Props((self, message) =>
    {
        if (message is "go")
        {
            work(self);
        }
        else
        {
            _heard.Add($"{message} after {_simulation.Time.Elapsed}");
        }
    }));

    private async Task<int> LaterAsync()
    {
        TimeProvider clock = _simulation.Time;
        await Task.Delay(_second, clock);
        return 42;
    }
}
