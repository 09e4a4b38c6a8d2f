using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class PipeTests
{
    private readonly List<string> _received = [];

    [Fact]
    public void The_result_of_asynchronous_work_comes_back_as_a_message()
    {
        var world = new SimulatedSystem();
        world.Spawn(Piping(async clock =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), clock);
            return 42;
        }));

        world.Simulation.RunFor(TimeSpan.FromSeconds(4.9));
        Assert.Empty(_received);
        world.Simulation.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["result 42"], _received);
    }

    [Fact]
    public void What_the_work_throws_comes_back_as_a_message_whether_at_once_or_later()
    {
        var world = new SimulatedSystem();
        world.Spawn(Piping(_ => throw new FormatException("at once")));
        world.Spawn(Piping(async clock =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
            throw new FormatException("later");
        }));

        world.Simulation.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(["error at once", "error later"], _received);
    }

    [Fact]
    public void The_actor_goes_on_with_other_messages_meanwhile()
    {
        var world = new SimulatedSystem();
        ActorRef<string> actor = world.Spawn(Piping(async clock =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
            return 1;
        }));
        world.Simulation.RunUntilIdle();
        actor.Tell("meanwhile");

        world.Simulation.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(["meanwhile", "result 1"], _received);
    }

    [Fact]
    public void A_result_comes_past_a_full_mailbox()
    {
        var world = new SimulatedSystem();
        var gate = new TaskCompletionSource<int>();
        ActorRef<string> actor = world.Spawn(Piping(_ => gate.Task), mailboxCapacity: 1);
        world.Simulation.RunUntilIdle();

        actor.Tell("fills");
        gate.SetResult(1);
        Assert.False(actor.TryTell("refused"));

        world.Simulation.RunUntilIdle();
        Assert.Equal(["fills", "result 1"], _received);
    }

    [Fact]
    public void A_result_for_an_actor_that_has_stopped_is_a_counted_dead_letter()
    {
        var world = new SimulatedSystem();
        var gate = new TaskCompletionSource<int>();
        ActorRef<string> actor = world.Spawn(Piping(_ => gate.Task));
        world.Simulation.RunUntilIdle();
        world.Simulation.Await(world.System.StopAsync(actor));

        gate.SetResult(7);
        world.Simulation.RunUntilIdle();

        Assert.Equal(new DeadLetter(actor.Path, 7, DeadLetterReason.Stopped), Assert.Single(world.DeadLetters));
    }

    [Fact]
    public void A_result_for_an_earlier_instance_is_dropped_and_counted()
    {
        var world = new SimulatedSystem();
        var gates = new[] { new TaskCompletionSource<int>(), new TaskCompletionSource<int>() };
        int instances = 0;
        ActorRef<string> actor = world.System.Spawn(() =>
        {
            TaskCompletionSource<int> gate = gates[instances++];
            return Piping(_ => gate.Task);
        });
        world.Simulation.RunUntilIdle();
        actor.Tell("fail");
        world.Simulation.RunFor(TimeSpan.FromSeconds(1));

        gates[0].SetResult(0);
        gates[1].SetResult(1);
        world.Simulation.RunUntilIdle();

        Assert.Equal(["fail", "result 1"], _received);
        Assert.Equal(new DeadLetter(actor.Path, 0, DeadLetterReason.Restarted), Assert.Single(world.DeadLetters));
    }

    [Fact]
    public void What_the_mapping_throws_is_a_failure_of_the_actor()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        ActorRef<string> actor = world.Spawn(new Scripted<string>
        {
            OnStarting = context => context.PipeToSelf<int>(
                () => Task.FromResult(1), _ => throw new FormatException(), error => error.Message),
        });

        world.Simulation.Await(world.System.WhenStopped(actor));
        Assert.IsType<FormatException>(Assert.Single(world.Failures).Exception);
    }

    [Fact]
    public async Task On_the_thread_pool_a_hundred_thousand_results_all_come_back()
    {
        const int pipes = 100_000;
        await using var system = new ActorSystem("test");
        var all = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        long sum = 0;
        int results = 0;
        ActorRef<int> actor = system.Spawn(() => new Scripted<int>
        {
            OnReceive = (context, message) =>
            {
                if (message < 0)
                {
                    context.PipeToSelf(() => Task.FromResult(-message), result => result, _ => 0);
                    return;
                }

                sum += message;
                if (++results == pipes)
                {
                    all.SetResult(sum);
                }
            },
        });
        for (int pipe = 1; pipe <= pipes; pipe++)
        {
            actor.Tell(-pipe);
        }

        Assert.Equal((long)pipes * (pipes + 1) / 2, await all.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private Scripted<string> Piping(Func<TimeProvider, Task<int>> work) => new()
    {
        OnStarting = context => context.PipeToSelf(
            () => work(context.Clock), result => $"result {result}", error => $"error {error.Message}"),
        OnReceive = (_, message) =>
        {
            _received.Add(message);
            if (message == "fail")
            {
                throw new FormatException();
            }
        },
    };
}
