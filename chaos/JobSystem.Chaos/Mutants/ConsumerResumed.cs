using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A consumer that fails goes on without the message it failed on. Was it a delivery, nobody runs it, and the next ack
/// of "all up to this one" takes it along; else it stays in the hands of the worker.
/// </summary>
internal sealed record ConsumerResumed() : Mutant(
    "consumer-resumed", "A consumer that fails is resumed, not stopped: a delivery is forgotten.",
    FindingKind.Stuck, FindingKind.EarlyAck, FindingKind.Lost)
{
    public override string Experiment => "mutants-consumer-crashes";

    public override Directive Decide(ActorPath actor, Directive rule) =>
        actor.Name.StartsWith("consumer-", StringComparison.Ordinal) ? Directive.Resume : rule;
}
