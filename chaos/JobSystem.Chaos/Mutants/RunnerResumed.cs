using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A part of the tree that fails goes on, and its siblings are not restarted with it. Was it a runner and its message
/// an arrival, nobody runs that job, and the consumer waits for its end.
/// </summary>
internal sealed record RunnerResumed() : Mutant(
    "runner-resumed", "A runner that fails is resumed, not restarted with its siblings: an arrival is forgotten.",
    FindingKind.Stuck)
{
    public override string Experiment => "mutants-runner-crashes";

    public override Directive Decide(ActorPath actor, Directive rule) =>
        actor.Name.StartsWith("queue-", StringComparison.Ordinal) ? Directive.Resume : rule;
}
