using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>A client is told that its job is confirmed while it is still in its own memory: a kill loses it.</summary>
internal sealed record ConfirmedEarly(TimeProvider Clock) : Mutant(
    "confirmed-early", "An enqueue is confirmed before it is published.", FindingKind.Lost)
{
    public override ITransport ProducerTransport(ITransport transport) =>
        new DetourTransport(
            transport, publisher: () => new LateDetour(Clock, static _ => Occasion.Had(), static _ => { }));
}
