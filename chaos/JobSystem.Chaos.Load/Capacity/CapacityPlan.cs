using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>What is searched, and how. Pure.</summary>
/// <param name="Range">Where.</param>
/// <param name="Step">How long one step loads.</param>
/// <param name="Seed">Of the first step; each has the next.</param>
/// <param name="Load">The load, but for its rate; see <see cref="Settled"/>.</param>
/// <param name="Repeat">What a user would write behind <c>chaos</c> to have the same again.</param>
/// <param name="RepeatStep">The same for one step, but for its rate and seed.</param>
internal sealed record CapacityPlan(
    SearchRange Range, TimeSpan Step, int Seed, Experiment Load, string Repeat, string RepeatStep)
{
    /// <summary>A producer that is later than the longest limit so many times gives the step up.</summary>
    private const double PatienceOfLimit = 2;

    /// <summary>Where a search names no limits.</summary>
    public static IReadOnlyList<LatencyLimit> UsualLimits { get; } =
    [
        new("confirm", 99, TimeSpan.FromSeconds(1)),
        new("finished", 99, TimeSpan.FromSeconds(2)),
        new("delay", 99, TimeSpan.FromMilliseconds(100)),
    ];

    public IReadOnlyList<LatencyLimit> Limits => Load.Expect.Latency;

    /// <summary>
    /// A load as its steps need it: with limits; impatient, so that a step that has failed already does not go on for
    /// long; and content with few confirms, because a step that is given up has few.
    /// </summary>
    public static Experiment Settled(Experiment load)
    {
        var limits = load.Expect.Latency is { Count: > 0 } given ? given : UsualLimits;
        return load with
        {
            Workload = load.Workload with
            {
                Patience = load.Workload.Patience ?? PatienceOfLimit * limits.Max(limit => limit.Limit),
            },
            Expect = load.Expect with { Latency = limits, MinConfirmed = load.Expect.MinConfirmed ?? 1 },
        };
    }

    public Experiment At(double rate) => Load with
    {
        Workload = Load.Workload with
        {
            Rate = RatePlan.Constant(rate, Step),
            Jobs = (int)Math.Max(1, RatePlan.Constant(rate, Step).Jobs!.Value),
        },
    };
}
