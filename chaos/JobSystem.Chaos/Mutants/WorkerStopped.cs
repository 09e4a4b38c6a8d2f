using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A worker that fails is gone: its runner keeps a ref that leads to nobody, holds the delivery, and its slot is lost.
/// </summary>
internal sealed record WorkerStopped() : Mutant(
    "worker-stopped", "A worker that fails is stopped, not restarted, and nobody takes its slot.",
    FindingKind.Stuck)
{
    public override string Experiment => "mutants-worker-crashes";

    public override Directive Decide(ActorPath actor, Directive rule) =>
        actor.Name.StartsWith("worker-", StringComparison.Ordinal) ? Directive.Stop : rule;
}
