using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>A policy on the run's queue for a while. Proven, and known to be over, by what the queue says it is under.
/// </summary>
/// <param name="lab">Of the run.</param>
/// <param name="definition">JSON.</param>
/// <param name="duration">How long.</param>
internal abstract class PolicyFault(FaultContext lab, string definition, TimeSpan duration) : Fault
{
    protected string Queue => lab.Queue;

    public sealed override TimeSpan Duration => duration;

    public sealed override IReadOnlyList<Revert> Revert => [lab.ClearPolicyRevert()];

    public sealed override Task InjectAsync(CancellationToken cancel) => lab.SetPolicyAsync(definition, cancel);

    public sealed override Task<string> ProveAsync(CancellationToken cancel) =>
        lab.PolicySeenAsync(isThere: true, cancel);

    public sealed override async Task HealAsync(CancellationToken cancel)
    {
        await lab.ClearPolicyAsync(cancel);
        await lab.PolicySeenAsync(isThere: false, cancel);
    }
}
