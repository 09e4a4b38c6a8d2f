using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>No-op jobs, published and consumed at once: everybody on quorum and on classic queues.</summary>
internal sealed class ThroughputPart(IReadOnlyList<Contender> contenders, IReadOnlyList<QueueKind> kinds)
    : Part("throughput", "no-op jobs published and consumed at once, against others, on quorum and classic queues")
{
    private const int Rounds = 11;
    private const int Jobs = 20_000;

    public override async Task<Section> RunAsync(Bench bench)
    {
        var (ground, rounds) = (await Ground.OfAsync(bench), bench.Effort.Rounds(Rounds));
        var load = new Load { Jobs = bench.Effort.Jobs(Jobs) };
        var section = new Section("Throughput",
            $"{load.Jobs:N0} jobs of {load.PayloadBytes} B a run, {load.InFlight:N0} publishes in flight, prefetch " +
            $"and slots {load.Slots}, durable queues, persistent messages, confirms; {rounds} runs each in turns. A " +
            "ratio is taken run by run. Bytes and CPU are of the process that publishes and consumes; the broker's " +
            "CPU is beside. MassTransit and Wolverine carry the payload as text in JSON, as they do by default; " +
            "the embedded broker is a file, written by the process itself.");
        foreach (var kind in kinds)
        {
            var racers = contenders.Where(each => each.UsesBroker || kind == kinds[0]).ToList();
            var runs = await Turns.TakeAsync(bench, $"{kind}".ToLowerInvariant(), rounds, [.. racers.Select(
                each => new Turn<Usage>(each.Name, warm => each.RunAsync(
                    load with { Kind = kind, Jobs = warm ? load.Jobs / 3 : load.Jobs }, ground)))]);
            section.Tables.Add(($"{kind} queue".ToLowerInvariant(), UsageTable.Of(
                [.. racers.Select(each => each.Name)], runs)));
            if (kind == QueueKind.Quorum)
            {
                Judge(section, racers, runs);
            }
        }

        return section;
    }

    private static void Judge(Section section, List<Contender> racers, IReadOnlyList<IReadOnlyList<Usage>> runs)
    {
        Compare(Measure.RateToPlainClient, "plain");
        Compare(Measure.RateToMassTransit, "masstransit");
        Compare(Measure.RateToWolverine, "wolverine");

        void Compare(Measure measure, string other)
        {
            var (ours, theirs) = (
                racers.FindIndex(each => each.Key == "jobsystem"), racers.FindIndex(each => each.Key == other));
            if (ours >= 0 && theirs >= 0)
            {
                section.Figures[measure] = Spread.Ratios(runs[ours], runs[theirs], run => run.Rate);
                section.Reasons[measure] = ReasonFor(racers, runs, theirs);
            }
        }
    }

    /// <summary>How far anybody comes who does nothing but publish and ack.</summary>
    private static string ReasonFor(
        List<Contender> racers, IReadOnlyList<IReadOnlyList<Usage>> runs, int theirs) =>
        "in the same rounds: " + string.Join("; ", racers
            .Select((racer, index) => (racer, index))
            .Where(each => each.racer is PlainClient && each.index != theirs)
            .Select(each => $"{each.racer.Name}: "
                + Words.Ratio(Spread.Ratios(runs[each.index], runs[theirs], run => run.Rate).Median)));
}
