using System.Globalization;
using System.Text;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// Everything that a seed decides before the run begins, so that it can be printed first: the size of the world, its
/// network, the jobs, the faults. What is decided on the way (the order of steps, jitter) comes of the same seed.
/// </summary>
public sealed record SimulationPlan
{
    private const string IdPrefix = "job-";

    public required ulong Seed { get; init; }

    public required int Workers { get; init; }

    public required int Slots { get; init; }

    /// <summary>How many publishes the producer may have on their way.</summary>
    public required int MaxUnconfirmed { get; init; }

    /// <summary>Frames of a channel that arrive together.</summary>
    public required int FramesPerTurn { get; init; }

    /// <summary>Which part of what travels is slow, and how slow at most.</summary>
    public required (double Part, TimeSpan Max) Latency { get; init; }

    public required TimeSpan LongestDelay { get; init; }

    /// <summary>The work lane does not count losses.</summary>
    public required bool IsClassic { get; init; }

    /// <summary>One after the other; each is enqueued so long after the one before.</summary>
    public required IReadOnlyList<(TimeSpan After, JobScript Script)> Jobs { get; init; }

    /// <summary>In the order of their times.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>The id of a job, by its place from 0.</summary>
    public static JobId IdOf(int index) => new($"{IdPrefix}{index + 1}");

    /// <summary>What a job is to do.</summary>
    public JobScript ScriptOf(JobId job) =>
        Jobs[int.Parse(job.Value.AsSpan(IdPrefix.Length), CultureInfo.InvariantCulture) - 1].Script;

    /// <summary>Draws a plan. The same seed and profile give the same.</summary>
    public static SimulationPlan Draw(ulong seed, SimulationProfile profile)
    {
        var random = new Random((int)(seed ^ (seed >> 32)));
        var jobs = Enumerable.Range(0, random.Next(1, profile.MaxJobs + 1))
            .Select(_ => (Seconds(random, 0.5), DrawScript(random, profile)))
            .ToList();
        var enabled = profile.Faults.Where(_ => random.Next(2) == 0).ToList();
        var length = jobs.Aggregate(TimeSpan.FromSeconds(10), (sum, job) => sum + job.Item1);
        var faults = enabled.Count == 0
            ? []
            : Enumerable.Range(0, random.Next(1, profile.MaxFaults + 1))
                .Select(_ => DrawFault(random, enabled, length))
                .OrderBy(fault => fault.At)
                .ToList();
        return new SimulationPlan
        {
            Seed = seed,
            Workers = random.Next(1, profile.MaxWorkers + 1),
            Slots = random.Next(1, 7),
            MaxUnconfirmed = random.Next(1, 20),
            FramesPerTurn = random.Next(1, 9),
            Latency = (random.Next(3) == 0 ? 0 : random.NextDouble(), Seconds(random, 0.2)),
            LongestDelay = TimeSpan.FromSeconds(random.Next(1, 60)),
            IsClassic = random.Next(2) == 0,
            Jobs = jobs,
            Faults = faults,
        };
    }

    public override string ToString()
    {
        var text = new StringBuilder()
            .Append($"{Workers} workers with {Slots} slots, {MaxUnconfirmed} unconfirmed, ")
            .Append($"{FramesPerTurn} frames a turn, {Latency.Part:P0} up to {Latency.Max.TotalSeconds:0.000} s ")
            .Append($"late, delays up to {LongestDelay.TotalSeconds} s, {Jobs.Count} jobs")
            .Append(IsClassic ? ", losses are not counted" : "");
        foreach (var fault in Faults)
        {
            text.Append($"\n    {fault}");
        }

        return text.ToString();
    }

    private static JobScript DrawScript(Random random, SimulationProfile profile)
    {
        var acts = new List<JobAct>();
        while (acts.Count < JobScript.MaxAttempts - 1 && random.Next(4) == 0)
        {
            acts.Add(DrawAct(random, profile.EarlierActs));
        }

        acts.Add(DrawAct(random, profile.LastActs));
        var isForeign = random.Next(8) == 0;
        return new JobScript(acts, isForeign || random.Next(4) > 0 ? TimeSpan.Zero : Seconds(random, 30), isForeign);
    }

    private static JobAct DrawAct(Random random, IReadOnlyList<ActKind> kinds) =>
        new(kinds[random.Next(kinds.Count)], random.Next(3) == 0 ? Seconds(random, 8) : Seconds(random, 0.2));

    private static Fault DrawFault(Random random, List<FaultKind> kinds, TimeSpan length) => new(
        kinds[random.Next(kinds.Count)],
        length * random.NextDouble(),
        random.Next(4) == 0 ? Seconds(random, 60) : Seconds(random, 3),
        random.Next(1, 6));

    private static TimeSpan Seconds(Random random, double most) =>
        TimeSpan.FromMilliseconds(Math.Round(random.NextDouble() * most * 1000));
}
