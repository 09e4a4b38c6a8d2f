using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A consumer that fails opens a new channel under its old ref: what its deliveries had as tags on the old channel are
/// tags of others on the new one, and these are acked while they run. Their own messages are not acked, and may run
/// again.
/// </summary>
internal sealed record ConsumerRestarted() : Mutant(
    "consumer-restarted",
    "A consumer that fails is restarted under its old ref, so old tags are acked on a new channel.",
    FindingKind.EarlyAck, FindingKind.Lost, FindingKind.Stuck, FindingKind.DuplicatedWithoutCause)
{
    public override string Experiment => "mutants-consumer-crashes";

    public override Directive Decide(ActorPath actor, Directive rule) =>
        actor.Name.StartsWith("consumer-", StringComparison.Ordinal) ? Directive.Restart : rule;
}
