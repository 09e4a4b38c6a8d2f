using JobSystem.Actors;

namespace JobSystem.Benchmarks.Kernel;

/// <summary>The elementary acts of the kernel, each so many times.</summary>
internal static class KernelActs
{
    private const int Concurrency = 64;

    public static async Task TellAsync(ActorSystem system, int messages)
    {
        var done = NewSignal();
        var counter = system.Spawn(() => new Counter(messages, done), null, messages);
        var ball = new Ball(null!, null!);
        for (var message = 0; message < messages; message++)
        {
            counter.Tell(ball);
        }

        await done.Task;
        await system.StopAsync(counter);
    }

    public static async Task PingPongAsync(ActorSystem system, int messages)
    {
        var done = NewSignal();
        var ping = system.Spawn(() => new Player(messages / 2, done));
        var pong = system.Spawn(() => new Player(messages / 2, done));
        ping.Tell(new Ball(ping, pong));
        await done.Task;
        await Task.WhenAll(system.StopAsync(ping), system.StopAsync(pong));
    }

    public static async Task JobsAsync(ActorSystem system, int jobs, JobKind kind)
    {
        var done = NewSignal();
        var runner = system.Spawn(() => new Runner(jobs, kind, done));
        runner.Tell(new RunnerMessage.Begin(Concurrency));
        await done.Task;
        await system.StopAsync(runner);
    }

    /// <returns>Steps.</returns>
    public static long Simulate(ulong seed, int jobs)
    {
        var simulation = new SimulationDispatcher(seed);
        var system = new ActorSystem("benchmark", new ActorSystemOptions { Dispatcher = simulation });
        simulation.Await(() => JobsAsync(system, jobs, JobKind.Piped));
        return simulation.Steps;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
