using Akka.Actor;
using JobSystem;
using JobSystem.TestKit;
using JobSystem.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ConsoleWorker.Tests;

/// <summary>
/// A handler with its retries, timeouts and dead letters, in virtual time: hours take milliseconds, and each seed is
/// another order of events. A seed that fails is printed with the line that replays it.
/// </summary>
public sealed class GreetHandlerTests
{
    private const string Queue = "greetings";

    [Fact]
    public void A_greeting_is_printed_once() => SimulationSeeds.ForEach(20, static seed =>
    {
        using var output = new FlakyPrinter { Failures = 0 };
        using var broker = Run(seed, output, new Greet("Ada"));

        Assert.Single(output.Greetings, "Hello, Ada!");
        Assert.Equal(0, broker.ContentOf("greetings.dead").Ready);
    });

    [Fact]
    public void A_greeting_is_tried_again_while_the_printer_fails() => SimulationSeeds.ForEach(20, static seed =>
    {
        using var output = new FlakyPrinter { Failures = 4 };
        using var broker = Run(seed, output, new Greet("Ada"));

        Assert.Single(output.Greetings, "Hello, Ada!");
    });

    [Fact]
    public void A_greeting_without_a_name_is_a_dead_letter_at_once() => SimulationSeeds.ForEach(20, static seed =>
    {
        using var output = new FlakyPrinter { Failures = 0 };
        using var broker = Run(seed, output, new Greet(""));

        var dead = Assert.Single(broker.JobsOf("greetings.dead"));
        Assert.Equal(FailureReason.NotRetryable, dead.Failure!.Reason);
        Assert.Equal(1, dead.Failure.Attempts);
        Assert.Empty(output.Greetings);
    });

    /// <summary>Runs one job for an hour of virtual time on a broker inside of the simulation.</summary>
    private static InMemoryBroker Run(ulong seed, TextWriter output, Greet greet)
    {
        var simulation = new Simulation(seed);
        ActorSystem system = simulation.StartSystem("test");
        var broker = new InMemoryBroker(new InMemoryBrokerOptions
        {
            Clock = simulation.Time,
            Post = action => simulation.Run(() =>
            {
                action();
                return Task.CompletedTask;
            }),
        });
        var services = new ServiceCollection()
            .AddSingleton(output)
            .AddSingleton<TimeProvider>(simulation.Time)
            .BuildServiceProvider();
        var jobs = new JobSystemBuilder()
            .UseInMemory(broker)
            .AddQueue(Queue)
            .AddHandler<Greet, GreetHandler>("greet", job => job
                .Queue(Queue).Retry(Retry.Exponential(maxAttempts: 5, first: TimeSpan.FromSeconds(1))))
            .StartIn(simulation, system, services: services);
        simulation.Await(() => jobs.Client.EnqueueAsync(greet));
        simulation.RunFor(TimeSpan.FromHours(1));
        return broker;
    }

    /// <summary>Fails some times before it prints.</summary>
    private sealed class FlakyPrinter : StringWriter
    {
        public required int Failures { get; set; }

        public IEnumerable<string> Greetings => ToString()
            .Split('\n')
            .Where(static line => line.StartsWith("done", StringComparison.Ordinal))
            .Select(static line => line.Split(' ', 3)[2].Trim());

        public override Task WriteLineAsync(string? value) =>
            Failures-- > 0 ? throw new IOException("The printer is out of paper.") : base.WriteLineAsync(value);
    }
}
