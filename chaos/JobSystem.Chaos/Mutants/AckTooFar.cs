using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>Every ack says "all up to this one", whatever still runs before it.</summary>
internal sealed record AckTooFar() : Mutant(
    "ack-too-far", "An ack takes earlier deliveries along whose jobs still run.",
    FindingKind.EarlyAck, FindingKind.Lost)
{
    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : ConsumerDetour
    {
        private ulong _acked;

        public override void Ack(ulong tag, bool multiple)
        {
            // What was taken along must not be named again: the broker would close the channel.
            if (tag > _acked)
            {
                if (tag > _acked + 1)
                {
                    Occasion.Had();
                }

                _acked = tag;
                base.Ack(tag, multiple: true);
            }
        }

        public override void Requeue(ulong tag)
        {
            if (tag > _acked)
            {
                base.Requeue(tag);
            }
        }
    }
}
