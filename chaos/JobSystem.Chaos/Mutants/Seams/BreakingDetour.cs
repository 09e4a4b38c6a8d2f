using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>Makes the broker close the channel again and again, by the ack of a tag that it has never given.</summary>
internal class BreakingDetour : ConsumerDetour
{
    private const int Every = 30;
    private const ulong Unknown = int.MaxValue;

    public override void OnDelivery(Delivery delivery)
    {
        base.OnDelivery(delivery);
        if (delivery.Tag == Every)
        {
            AtBroker(static broker => broker.Ack(Unknown, multiple: false));
        }
    }
}
