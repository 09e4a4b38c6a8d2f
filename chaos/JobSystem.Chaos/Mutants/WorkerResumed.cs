using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A worker that fails goes on as if nothing had happened: the message it failed on is gone. Was it the beginning of a
/// run, its runner waits for an end that never comes, and holds the delivery.
/// </summary>
internal sealed record WorkerResumed() : Mutant(
    "worker-resumed", "A worker that fails is resumed, not restarted: its runner never hears of it.",
    FindingKind.Stuck)
{
    public override string Experiment => "mutants-worker-crashes";

    public override Directive Decide(ActorPath actor, Directive rule) =>
        actor.Name.StartsWith("worker-", StringComparison.Ordinal) ? Directive.Resume : rule;
}
