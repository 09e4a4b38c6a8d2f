using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Workers;

/// <summary>
/// What the engine's actors cost a job, without a broker. Per second of processor time, since that hardly depends on
/// what else the machine does.
/// </summary>
internal sealed class PoolPart() : Part("pool", "jobs through the runner and its workers, without a broker")
{
    private const int Rounds = 9;
    private const int Jobs = 300_000;

    private static readonly int[] _slots = [1, 8, 64];

    private int _round;

    public override async Task<Section> RunAsync(Bench bench)
    {
        var (rounds, jobs) = (bench.Effort.Rounds(Rounds), bench.Effort.Jobs(Jobs));
        var runs = await Turns.TakeAsync(bench, "pool", rounds, [.. _slots.Select(
            slots => new Turn<Run>($"{slots} slots", _ => MeasureAsync(slots, jobs)))]);
        var section = new Section("Worker pool",
            $"{rounds} rounds by turns. A job goes from its delivery through the queue's runner to a worker, runs a " +
            "handler that awaits once, and is settled.");
        var table = new TextTable("", "jobs a CPU second (min to max)", "B a job");
        foreach (var (slots, measured) in _slots.Zip(runs))
        {
            var (rate, bytes) = (Spread.Of(measured, run => run.Rate), Spread.Of(measured, run => run.BytesEach));
            table.Add($"{slots} slots", rate.Say(Words.Rate), Words.Number(Math.Round(bytes.Median)));
            if (slots == _slots[^1])
            {
                section.Figures[Measure.PoolJobRate] = rate;
                section.Figures[Measure.PoolJobBytes] = bytes;
            }
        }

        section.Tables.Add(("one queue on the thread pool", table));
        return section;
    }

    private async Task<Run> MeasureAsync(int slots, int jobs)
    {
        using var pool = new WorkerPool(slots);
        var deliveries = WorkerPool.Deliveries(jobs, ++_round);
        GC.Collect();
        var (bytes, cpu) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        await pool.RunAsync(deliveries);
        var used = Environment.CpuUsage.TotalTime - cpu;
        return new Run(jobs / used.TotalSeconds, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / jobs);
    }

    private sealed record Run(double Rate, double BytesEach);
}
