using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>A policy on the run's queue for a while. Proven, and known to be over, by what the queue says it is under.
/// </summary>
/// <param name="context">Of the run.</param>
/// <param name="definition">JSON.</param>
/// <param name="duration">How long.</param>
internal abstract class PolicyFault(FaultContext context, string definition, TimeSpan duration) : Fault
{
    protected string Queue => context.Queue;

    public sealed override TimeSpan Duration => duration;

    public sealed override IReadOnlyList<Revert> Revert => [context.ClearPolicyRevert()];

    public sealed override Task InjectAsync(CancellationToken cancel) => context.SetPolicyAsync(definition, cancel);

    public sealed override Task<string> ProveAsync(CancellationToken cancel) =>
        context.PolicySeenAsync(isThere: true, cancel);

    public sealed override async Task HealAsync(CancellationToken cancel)
    {
        await context.ClearPolicyAsync(cancel);
        await context.PolicySeenAsync(isThere: false, cancel);
    }
}
