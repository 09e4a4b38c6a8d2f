using System.Diagnostics;
using JobSystem.Actors;
using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Kernel;

/// <summary>
/// What the kernel costs: rate and bytes of each elementary act. Rounds are short, so that a busy machine shows as
/// spread, not as a slow kernel.
/// </summary>
internal sealed class KernelPart() : Part("kernel", "micro-benchmarks of the actor kernel")
{
    private const int WarmUps = 5;
    private const int Rounds = 9;
    private const int Messages = 2_000_000;
    private const int Jobs = 400_000;

    public override async Task<Section> RunAsync(Bench bench)
    {
        await using var system = new ActorSystem("benchmark");
        var (rounds, acts) = (bench.Effort.Rounds(Rounds), Acts(system, bench.Effort));
        var runs = await Turns.TakeAsync(bench, "kernel", rounds, [.. acts.Select(
            act => new Turn<Run>(act.Name, warm => MeasureAsync(act, warm ? WarmUps : 1)))]);
        var section = new Section("Kernel",
            $"{rounds} rounds by turns, {WarmUps} to warm up. An act of the first row is one message, of the second " +
            "one message there or back, of the next three a job from its spawn to its end, 64 at a time; the last is " +
            "of the simulator.");
        var table = new TextTable("", "acts/s (min to max)", "B each");
        foreach (var (act, measured) in acts.Zip(runs))
        {
            var (rate, bytes) = (Spread.Of(measured, run => run.Rate), Spread.Of(measured, run => run.BytesEach));
            table.Add(act.Name, rate.Say(Words.Rate), Words.Number(Math.Round(bytes.Median)));
            Judge(act.Rate, rate);
            Judge(act.Bytes, bytes);
        }

        section.Tables.Add(("one actor system on the thread pool", table));
        return section;

        void Judge(Measure? measure, Spread spread)
        {
            if (measure is { } known)
            {
                section.Figures[known] = spread;
            }
        }
    }

    private static Act[] Acts(ActorSystem system, Effort effort)
    {
        var (messages, jobs) = (effort.Jobs(Messages), effort.Jobs(Jobs));
        return
        [
            new("tell to one actor", Counted(messages, () => KernelActs.TellAsync(system, messages)))
            {
                Rate = Measure.KernelTellRate,
            },
            new("ping-pong of two actors", Counted(messages, () => KernelActs.PingPongAsync(system, messages)))
            {
                Rate = Measure.KernelPingPongRate,
            },
            new("a job: spawn, tell, reply, stop", Counted(jobs, () => Job(JobKind.Synchronous)))
            {
                Rate = Measure.KernelJobRate,
                Bytes = Measure.KernelJobBytes,
            },
            new("the same with a pipe to asynchronous work", Counted(jobs, () => Job(JobKind.Piped))),
            new("the same, watched by its runner", Counted(jobs, () => Job(JobKind.Watched))),
            new("a step of the simulator", () => Task.FromResult(KernelActs.Simulate(7, jobs / 8))),
        ];

        Task Job(JobKind kind) => KernelActs.JobsAsync(system, jobs, kind);
    }

    private static Func<Task<long>> Counted(long count, Func<Task> run) => async () =>
    {
        await run();
        return count;
    };

    private static async Task<Run> MeasureAsync(Act act, int times)
    {
        var run = new Run(0, 0);
        for (var time = 0; time < times; time++)
        {
            GC.Collect();
            var (bytes, start) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
            var count = await act.RunAsync();
            var elapsed = Stopwatch.GetElapsedTime(start);
            run = new Run(
                count / elapsed.TotalSeconds, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / count);
        }

        return run;
    }

    /// <param name="Name">In the table.</param>
    /// <param name="RunAsync">Returns how often it was done.</param>
    private sealed record Act(string Name, Func<Task<long>> RunAsync)
    {
        public Measure? Rate { get; init; }

        public Measure? Bytes { get; init; }
    }

    private sealed record Run(double Rate, double BytesEach);
}
