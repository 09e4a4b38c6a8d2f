using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// Some deliveries never reach the engine: they stay in the hands of a worker that knows nothing of them, unless an ack
/// of "all up to this one" takes them along.
/// </summary>
internal sealed record DeliverySwallowed() : Mutant(
    "delivery-swallowed", "One delivery in ten is not told to the engine.",
    FindingKind.Stuck, FindingKind.EarlyAck, FindingKind.Lost)
{
    private const int Every = 10;

    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : ConsumerDetour
    {
        public override void OnDelivery(Delivery delivery)
        {
            if (delivery.Tag % Every != 0)
            {
                base.OnDelivery(delivery);
            }
            else
            {
                Occasion.Had();
            }
        }
    }
}
