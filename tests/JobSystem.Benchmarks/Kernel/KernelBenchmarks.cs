using System.Diagnostics;
using System.Globalization;
using JobSystem.Actors;

namespace JobSystem.Benchmarks;

/// <summary>
/// What the kernel costs: throughput and bytes of each elementary act, as the median of several rounds with the
/// slowest and the fastest beside it. Rounds are short, so that a busy machine shows as spread, not as a slow kernel.
/// </summary>
internal static class KernelBenchmarks
{
    private const int WarmUps = 5;
    private const int Rounds = 9;

    public static async Task<int> RunAsync()
    {
        Console.WriteLine($"kernel on {Environment.ProcessorCount} cores, {Rounds} rounds each");
        Console.WriteLine(
            $"{"",-46}{"median",12}{"slowest",11}{"fastest",11}{"B each",9}{"goal",10}{"goal B",8}   Akka.NET 1.5");
        await MeasureAsync("tell to one actor", 2_000_000, TellAsync, "20 M/s", "", "16-20 M/s");
        await MeasureAsync("ping-pong of two actors, one ball", 2_000_000, PingPongAsync, "12 M/s", "", "9.2-9.4 M/s");
        await MeasureAsync(
            "a job: spawn, tell, reply, stop", 400_000, s => JobsAsync(s, 400_000, JobKind.Synchronous),
            "500 k/s", "700", "40-50 k/s, 7.3 KB");
        await MeasureAsync(
            "the same with a pipe to asynchronous work", 200_000, s => JobsAsync(s, 200_000, JobKind.Piped),
            "", "", "");
        await MeasureAsync(
            "the same, watched by its runner", 200_000, s => JobsAsync(s, 200_000, JobKind.Watched), "", "", "");
        MeasureSimulation();
        return 0;
    }

    private static async Task MeasureAsync(
        string name, int count, Func<ActorSystem, Task> act, string goal, string goalBytes, string akka)
    {
        await using var system = new ActorSystem("benchmark");
        var seconds = new List<double>();
        long bytes = 0;
        for (int round = -WarmUps; round < Rounds; round++)
        {
            GC.Collect();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            await act(system);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (round >= 0)
            {
                seconds.Add(elapsed.TotalSeconds);
            }
        }

        Print(name, count, seconds, $"{(double)bytes / count:F0}", goal, goalBytes, akka);
    }

    private static async Task TellAsync(ActorSystem system)
    {
        const int messages = 2_000_000;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRef<Ball> counter = system.Spawn(() => new Counter(messages, done), null, messages);
        var ball = new Ball(null!, null!);
        for (int message = 0; message < messages; message++)
        {
            counter.Tell(ball);
        }

        await done.Task;
        await system.StopAsync(counter);
    }

    private static async Task PingPongAsync(ActorSystem system)
    {
        const int messages = 2_000_000;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRef<Ball> ping = system.Spawn(() => new Player(messages / 2, done));
        ActorRef<Ball> pong = system.Spawn(() => new Player(messages / 2, done));
        ping.Tell(new Ball(ping, pong));
        await done.Task;
        await Task.WhenAll(system.StopAsync(ping), system.StopAsync(pong));
    }

    private static async Task JobsAsync(ActorSystem system, int jobs, JobKind kind)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRef<RunnerMessage> runner = system.Spawn(() => new Runner(jobs, kind, done));
        runner.Tell(new RunnerMessage.Begin(Concurrency: 64));
        await done.Task;
        await system.StopAsync(runner);
    }

    private static void MeasureSimulation()
    {
        var seconds = new List<double>();
        long steps = 0;
        for (int round = -WarmUps; round < Rounds; round++)
        {
            var simulation = new SimulationDispatcher((ulong)(round + WarmUps));
            var system = new ActorSystem("benchmark", new ActorSystemOptions { Dispatcher = simulation });
            long start = Stopwatch.GetTimestamp();
            simulation.Await(() => JobsAsync(system, 50_000, JobKind.Piped));
            if (round >= 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            steps = simulation.Steps;
        }

        Print("simulation: steps, of jobs with a pipe", steps, seconds, "", "", "", "");
    }

    private static void Print(
        string name, long count, List<double> seconds, string bytes, string goal, string goalBytes, string akka)
    {
        seconds.Sort();
        Console.WriteLine(
            $"{name,-46}{Rate(count, seconds[seconds.Count / 2]),12}{Rate(count, seconds[^1]),11}"
            + $"{Rate(count, seconds[0]),11}{bytes,9}{goal,10}{goalBytes,8}   {akka}");
    }

    private static string Rate(long count, double seconds)
    {
        double rate = count / seconds;
        return rate >= 1e6
            ? string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:F1} M/s")
            : string.Create(CultureInfo.InvariantCulture, $"{rate / 1e3:F0} k/s");
    }
}
