using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// What faults that silence one node have in common: the victim is found before, its silence is the proof, and it is
/// healed when it answers AMQP again.
/// </summary>
internal abstract class NodeFault(FaultContext context, NodeVictim victim, TimeSpan duration) : Fault
{
    public override string Victim => victim.Words;

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Revert> Revert => [.. Candidates.SelectMany(context.Target.Recover)];

    protected FaultContext FaultContext => context;

    protected ITarget Target => context.Target;

    /// <summary>The node; before it is known, all.</summary>
    protected IReadOnlyList<int> Candidates => victim.Candidates;

    /// <summary>Its number; known once it is injected.</summary>
    protected int Node => victim.Number ?? throw new InvalidOperationException("The victim is not known yet.");

    public override Task PrepareAsync(CancellationToken cancel) => victim.FindAsync(cancel);

    public sealed override async Task InjectAsync(CancellationToken cancel) =>
        await BreakAsync(await victim.FindAsync(cancel), cancel);

    public override Task<string> ProveAsync(CancellationToken cancel) => Evidence.OfSilenceAsync(context, Node, cancel);

    public sealed override async Task HealAsync(CancellationToken cancel)
    {
        if (victim.Number is { } node)
        {
            await MendAsync(node, cancel);
            await Evidence.OfAnswerAsync(context, node, cancel);
        }
    }

    protected abstract Task BreakAsync(int node, CancellationToken cancel);

    protected abstract Task MendAsync(int node, CancellationToken cancel);
}
