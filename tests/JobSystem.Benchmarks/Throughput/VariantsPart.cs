using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>Throughput on quorum queues with one thing changed: the plain client and the job system, all by turns.
/// </summary>
/// <param name="name">On the command line.</param>
/// <param name="about">In one line.</param>
/// <param name="title">Of the section.</param>
/// <param name="variants">In words, and as loads.</param>
internal sealed class VariantsPart(
    string name, string about, string title, IReadOnlyList<(string Name, Load Load)> variants) : Part(name, about)
{
    private const int Rounds = 7;

    public static VariantsPart Slots { get; } = new(
        "slots", "the same with 1, 8 and 64 slots", "Slots",
        [.. new[] { (1, 1_500), (8, 8_000), (64, 20_000) }.Select(each => (
            $"{each.Item1} {(each.Item1 == 1 ? "slot" : "slots")}",
            new Load { Slots = each.Item1, Jobs = each.Item2 }))]);

    public static VariantsPart Payload { get; } = new(
        "payload", "the same with payloads of 200 B, 4 KB and 64 KB", "Payload",
        [.. new[] { ("200 B", 200, 20_000), ("4 KB", 4096, 12_000), ("64 KB", 65_536, 3_000) }.Select(
            each => (each.Item1, new Load { PayloadBytes = each.Item2, Jobs = each.Item3 }))]);

    public override bool HasGoals => false;

    public override async Task<Section> RunAsync(Bench bench)
    {
        var (ground, rounds) = (await Ground.OfAsync(bench), bench.Effort.Rounds(Rounds));
        Contender[] racers = [new PlainClient(batches: false), new WholeSystem()];
        var entries = variants.SelectMany(variant => racers.Select(racer => (
            Name: $"{variant.Name}, {racer.Name}", Racer: racer, variant.Load))).ToList();
        var runs = await Turns.TakeAsync(bench, Name, rounds, [.. entries.Select(
            each => new Turn<Usage>(each.Name, warm => each.Racer.RunAsync(
                each.Load with { Jobs = bench.Effort.Jobs(each.Load.Jobs) / (warm ? 4 : 1) }, ground)))]);
        var jobs = string.Join(", ", variants.Select(each => $"{bench.Effort.Jobs(each.Load.Jobs):N0}"));
        var section = new Section(title,
            $"As throughput on a quorum queue, with {jobs} jobs a run, {rounds} runs each in turns. A ratio is to " +
            "the plain client in the row above. The plain client acks each message.");
        section.Tables.Add(("quorum queue", UsageTable.Of(
            [.. entries.Select(each => each.Name)], runs, row => row / racers.Length * racers.Length)));
        return section;
    }
}
