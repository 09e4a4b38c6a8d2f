using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// Adoption and the memory of what has ended are switched off: whatever is delivered again has another id, so nobody
/// knows it.
/// </summary>
internal sealed record IdsForgotten() : Mutant(
    "ids-forgotten", "A redelivery comes with a new id, so a running job is not adopted, a finished one not known.",
    FindingKind.DuplicatedWithoutCause)
{
    public override string Experiment => "mutants-alone";

    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : BreakingDetour
    {
        public override void OnDelivery(Delivery delivery)
        {
            if (!delivery.Redelivered)
            {
                base.OnDelivery(delivery);
                return;
            }

            Occasion.Had();
            var job = delivery.Job with { Id = new JobId($"{delivery.Job.Id}-{delivery.Tag}") };
            base.OnDelivery(delivery with { Job = job });
        }
    }
}
