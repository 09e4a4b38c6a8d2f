using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults;

/// <summary>A kind of fault, as experiments name it and <c>chaos faults</c> lists it.</summary>
/// <param name="Name">In kebab case: <c>worker-kill</c>.</param>
/// <param name="About">One sentence for people.</param>
/// <param name="Settings">What an experiment may set, with defaults in the words; empty: nothing.</param>
/// <param name="Needs">What the target must be able to do.</param>
/// <param name="Create">Makes one, right before it is injected; reads every setting it knows.</param>
public sealed record FaultKind(
    string Name,
    string About,
    IReadOnlyList<FaultSetting> Settings,
    TargetPowers Needs,
    Func<FaultArguments, Lab, Fault> Create)
{
    public bool NeedsAny(TargetPowers powers) => (Needs & powers) != 0;

    /// <summary>The target can do all that it needs.</summary>
    public bool CanHit(ITarget target) => (Needs & ~target.Powers) == 0;
}

/// <summary>One setting of a kind of fault: <c>for</c>, default <c>2s</c>.</summary>
public sealed record FaultSetting(string Name, string Default, string About);
