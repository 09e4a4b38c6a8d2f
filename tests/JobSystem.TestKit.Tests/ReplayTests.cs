using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using JobSystem.TestKit.TestHost;
using Xunit;

namespace JobSystem.TestKit.Tests;

/// <summary>One seed is one run: in this process, in another one, on any thread.</summary>
public sealed class ReplayTests
{
    private const int Seeds = 100;

    private static readonly Lazy<string[]> _here =
        new(() => [.. Enumerable.Range(1, Seeds).Select(seed => Colony.Play((ulong)seed))]);

    [Fact]
    public async Task The_same_seed_gives_the_same_run_in_two_processes()
    {
        string[] there = await RunHostAsync();

        Assert.Equal(_here.Value, there[..Seeds]);

        // Without this the two would agree for a reason that is not the simulation's.
        Assert.NotEqual(Program.Probe().ToString(CultureInfo.InvariantCulture), there[Seeds]);
    }

    [Fact]
    public void Two_seeds_are_two_runs()
    {
        Assert.Equal(Seeds, _here.Value.Select(line => line[line.IndexOf("trace", StringComparison.Ordinal)..])
            .Distinct().Count());
    }

    [Fact]
    public void Simulations_on_several_threads_do_not_disturb_each_other()
    {
        string[] expected = _here.Value[..10];
        var played = new string[4][];
        Thread[] threads =
        [
            .. Enumerable.Range(0, played.Length).Select(number => new Thread(() => played[number] =
                [.. Enumerable.Range(1, expected.Length).Select(seed => Colony.Play((ulong)seed))])),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(played, lines => Assert.Equal(expected, lines));
    }

    [Fact]
    public void The_hash_notices_a_changed_order_of_messages()
    {
        Assert.Equal(HashOf(1, "text"), HashOf(1, "text"));
        Assert.NotEqual(HashOf(1, "text"), HashOf("text", 1));
    }

    [Fact]
    public void The_hash_notices_another_time()
    {
        static ulong HashAfter(int seconds)
        {
            var simulation = new Simulation(1);
            TimeProvider clock = simulation.Time;
            simulation.Await(() => Task.Delay(TimeSpan.FromSeconds(seconds), clock));
            return simulation.TraceHash;
        }

        Assert.Equal(HashAfter(1), HashAfter(1));
        Assert.NotEqual(HashAfter(1), HashAfter(2));
    }

    [Fact]
    public void The_order_in_which_one_step_tells_several_actors_has_no_say()
    {
        static (ulong Hash, string Heard) Tell(bool backwards)
        {
            var simulation = new Simulation(3);
            ActorSystem system = simulation.StartSystem("test");
            string heard = "";
            List<IActorRef> actors =
            [
                .. Enumerable.Range(0, 5).Select(number => system.ActorOf(Scripted.Props((_, _) => heard += number))),
            ];
            IActorRef teller = system.ActorOf(Scripted.Props(
                (_, message) => (backwards ? Enumerable.Reverse(actors) : actors).ToList().ForEach(
                    actor => actor.Tell(message))));
            simulation.RunUntilIdle();
            teller.Tell("all of you");
            simulation.RunUntilIdle();
            return (simulation.TraceHash, heard);
        }

        Assert.Equal(Tell(backwards: false), Tell(backwards: true));
    }

    private static ulong HashOf(params object[] messages)
    {
        var simulation = new Simulation(1);
        IActorRef actor = simulation.StartSystem("test").ActorOf(Scripted.Props((_, _) => { }));
        Array.ForEach(messages, message => actor.Tell(message));
        simulation.RunUntilIdle();
        return simulation.TraceHash;
    }

    private static async Task<string[]> RunHostAsync()
    {
        string host = typeof(Program).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", host, "1", $"{Seeds}"])
        {
            RedirectStandardOutput = true,
        })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
