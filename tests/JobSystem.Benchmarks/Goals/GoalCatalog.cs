using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Goals;

/// <summary>The numbers to reach, for two cores.</summary>
internal static class GoalCatalog
{
    private const double KB = 1024, MB = 1024 * 1024;

    public static IReadOnlyList<Goal> All { get; } =
    [
        new(Measure.RateToPlainClient, "publish and consume at once, no-op jobs, quorum queue: against the plain " +
            "client that acks each", 1.0, Words.Ratio) { IsLeast = true },
        new(Measure.RateToMassTransit, "the same against MassTransit 8.5.12", 2.2, Words.Ratio) { IsLeast = true },
        new(Measure.RateToWolverine, "the same against Wolverine 6.62, which acks after the handler as well", 1.0,
            Words.Ratio) { IsLeast = true },
        new(Measure.PoolJobRate, "worker pool: jobs through runner and worker: jobs a CPU second", 1e6, Words.Rate)
        {
            IsLeast = true,
        },
        new(Measure.PoolJobBytes, "worker pool: bytes of such a job", 400, Words.Bytes),
        new(Measure.InsertsOneByOne, "embedded broker: durable enqueues one by one, against plain SQLite", 0.9,
            Words.Ratio) { IsLeast = true },
        new(Measure.InsertsBatched, "embedded broker: 10, 100, 1,000 a transaction (the worst), against plain SQLite",
            0.9, Words.Ratio) { IsLeast = true },
        new(Measure.EmbeddedLifeRate, "embedded broker: full life of a job: jobs/s", 100_000, Words.Rate)
        {
            IsLeast = true,
        },
        new(Measure.IdleWorkerBytes, "memory of an idle worker", 90 * MB, Words.Bytes),
        new(Measure.BytesPerJobInFlight, "memory of a job in flight, beside its payload", 4 * KB, Words.Bytes),
        new(Measure.FirstJobSeconds, "start of jobs worker to the first job", 1, Words.Seconds),
        new(Measure.RedeliverySeconds, "worker killed: redelivery to another, each time", 0.5, Words.Seconds)
        {
            IsForEach = true,
        },
        new(Measure.FirstConfirmSeconds, "broker back: first confirm, each time", 1, Words.Seconds)
        {
            IsForEach = true,
        },
        new(Measure.FirstFinishedSeconds, "broker back: first finished job, each time", 2, Words.Seconds)
        {
            IsForEach = true,
        },
        new(Measure.SimulationSpeed, "simulation with the whole engine and all faults: times real time", 1000,
            Words.Times) { IsLeast = true },
    ];

    /// <summary>All goals that these sections can judge; null where there is none.</summary>
    public static TextTable? Judge(IReadOnlyList<Section> sections)
    {
        var figures = sections.SelectMany(section => section.Figures).ToDictionary();
        var reasons = sections.SelectMany(section => section.Reasons).ToDictionary();
        var judged = All.Where(goal => figures.ContainsKey(goal.Measure)).ToList();
        if (judged.Count == 0)
        {
            return null;
        }

        var table = new TextTable("", "goal", "measured (min to max)", " ");
        foreach (var goal in judged)
        {
            var measured = figures[goal.Measure];
            var isMet = goal.IsMetBy(measured);
            var why = reasons.TryGetValue(goal.Measure, out var reason) ? $"not met: {reason}" : "not met";
            table.Add(goal.What, goal.Text, measured.Say(goal.Word), isMet ? "met" : why);
        }

        return table;
    }
}
