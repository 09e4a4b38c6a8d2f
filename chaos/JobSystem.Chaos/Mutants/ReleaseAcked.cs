using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>What a drain gives back because it cannot wait for it is forgotten instead.</summary>
internal sealed record ReleaseAcked() : Mutant(
    "release-acked", "A delivery that is to go back to the broker is acked.",
    FindingKind.EarlyAck, FindingKind.Lost)
{
    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : ConsumerDetour
    {
        public override void Requeue(ulong tag)
        {
            Occasion.Had();
            Ack(tag, multiple: false);
        }
    }
}
