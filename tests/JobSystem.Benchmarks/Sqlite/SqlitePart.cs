using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Throughput;

namespace JobSystem.Benchmarks.Sqlite;

/// <summary>
/// The embedded broker: inserts against plain SQLite; the full life of a job through the whole engine; the price of a
/// claim from a short and from a very long queue; how soon another process is woken, and what waiting costs.
/// </summary>
internal sealed class SqlitePart() : Part("sqlite", "the embedded broker against plain SQLite, and by itself")
{
    private const int Rounds = 7;

    public override async Task<Section> RunAsync(Bench bench)
    {
        var rounds = bench.Effort.Rounds(Rounds);
        var section = new Section("Embedded broker",
            $"One file on a disk of this machine, WAL, synchronous=FULL, jobs of {Inserts.BodyBytes} B, {rounds} " +
            "rounds by turns. Plain SQLite has the same settings, one table and a prepared insert of as many bytes. " +
            "A claim is measured at the seam, under the engine. Two transports of one process share nothing but the " +
            "file and its sockets: to each other they are two processes.");
        await Inserts.MeasureAsync(bench, rounds, section);
        section.Tables.Add(("through the whole engine", await LifeAsync(bench, rounds, section)));
        section.Tables.Add(("price of a claim with its ack, µs a job, by the jobs that wait",
            await Claims.MeasureAsync(bench, rounds)));
        section.Tables.Add(("waiting", await Waking.MeasureAsync(bench)));
        return section;
    }

    private static async Task<TextTable> LifeAsync(Bench bench, int rounds, Section section)
    {
        var load = new Load { Jobs = bench.Effort.Jobs(20_000) };
        var runs = await Turns.TakeAsync(bench, "sqlite", rounds,
            [new Turn<Usage>("full life of a job", _ => EmbeddedSystem.RunAsync(load, bench))]);
        section.Figures[Measure.EmbeddedLifeRate] = Spread.Of(runs[0], run => run.Rate);
        var table = new TextTable("", "jobs/s (min to max)", "B a job", "CPU µs a job");
        table.Add(
            "full life of a no-op job, enqueued and run at once",
            Spread.Of(runs[0], run => run.Rate).Say(Words.Rate),
            Words.Number(Spread.Of(runs[0], run => run.BytesPerJob).Median),
            Words.Number(Spread.Of(runs[0], run => run.CpuPerJob).Median));
        return table;
    }
}
