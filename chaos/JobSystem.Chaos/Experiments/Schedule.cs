using System.Globalization;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Plans;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// What is broken when: drawn from the experiment and a seed alone, so the same seed breaks the same at the same
/// times. Who is hit is drawn from each fault's own seed at its time, among those that live then. Pure.
/// </summary>
public static class Schedule
{
    public static IReadOnlyList<ScheduledFault> Of(Experiment experiment, int seed)
    {
        var random = new Random(seed);
        var drawn = experiment.Faults.SelectMany(plan => Times(plan, random)).ToList();
        if (experiment.Nemesis is { } nemesis)
        {
            drawn.AddRange(Drawn(nemesis, random));
        }

        return [.. drawn
            .OrderBy(each => each.At)
            .Select((each, index) => new ScheduledFault(index + 1, each.At, each.Plan, random.Next()))];
    }

    /// <summary>Which faults come when the load is over, in a sentence; null: none. Without a rate nobody knows.
    /// </summary>
    public static string? AfterTheLoad(Experiment experiment, IReadOnlyList<ScheduledFault> schedule)
    {
        var load = experiment.Workload;
        if ((load.Rate.Length ?? load.Rate.TimeOf(load.Jobs)) is not { } end)
        {
            return null;
        }

        var late = schedule.Where(each => each.At > end).ToList();
        return late.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"The load ends after {end.TotalSeconds:0.#} s, and {late.Count} of {schedule.Count} faults " +
            $"{(late.Count == 1 ? "comes" : "come")} later, the first at {late[0].At.TotalSeconds:0.#} s " +
            $"({late[0].Plan.Fault}).");
    }

    /// <summary>How long it is from one fault to the next of the same plan; zero: there is none.</summary>
    public static TimeSpan ToTheNext(IReadOnlyList<ScheduledFault> schedule, ScheduledFault fault) =>
        schedule.FirstOrDefault(
            each => each.Number > fault.Number && ReferenceEquals(each.Plan, fault.Plan)) is { } next
            ? next.At - fault.At
            : TimeSpan.Zero;

    private static IEnumerable<(TimeSpan At, FaultPlan Plan)> Times(FaultPlan plan, Random random)
    {
        for (var time = 0; time < plan.Times; time++)
        {
            yield return (plan.At + (time * plan.Every) + (random.NextDouble() * plan.Jitter), plan);
        }
    }

    private static IEnumerable<(TimeSpan At, FaultPlan Plan)> Drawn(NemesisPlan nemesis, Random random)
    {
        var at = nemesis.At;
        for (var time = 0; time < nemesis.Times; time++)
        {
            yield return (at, nemesis.Faults[random.Next(nemesis.Faults.Count)]);
            at += nemesis.Every * (0.5 + random.NextDouble());
        }
    }
}

/// <summary>One fault to come.</summary>
/// <param name="Number">From 1, in the order of their times.</param>
/// <param name="At">Since the load began.</param>
/// <param name="Plan">What.</param>
/// <param name="Seed">What it draws from.</param>
public sealed record ScheduledFault(int Number, TimeSpan At, FaultPlan Plan, int Seed)
{
    /// <summary>That there is one was checked when the experiment was read.</summary>
    internal FaultKind Kind => FaultCatalog.Find(Plan.Fault)!;
}
