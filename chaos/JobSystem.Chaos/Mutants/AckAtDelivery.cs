using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>Settles before the outcome: a worker that dies takes with it what it held.</summary>
internal sealed record AckAtDelivery() : Mutant(
    "ack-at-delivery", "A delivery is acked when it comes, not when its job has ended.",
    FindingKind.EarlyAck, FindingKind.Lost)
{
    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : ConsumerDetour
    {
        public override void OnDelivery(Delivery delivery)
        {
            Occasion.Had();
            AtBroker(broker => broker.Ack(delivery.Tag, multiple: false));
            base.OnDelivery(delivery);
        }

        public override void Ack(ulong tag, bool multiple)
        {
            // it has been
        }

        public override void Requeue(ulong tag)
        {
            // there is nothing left to give back
        }
    }
}
