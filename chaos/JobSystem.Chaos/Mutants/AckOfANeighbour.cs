using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>Acks with the tag of another delivery that is out: that one's job may still run.</summary>
internal sealed record AckOfANeighbour() : Mutant(
    "ack-of-a-neighbour", "An ack names the delivery of a neighbour that is still out.",
    FindingKind.EarlyAck, FindingKind.Lost, FindingKind.DuplicatedWithoutCause)
{
    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : ConsumerDetour
    {
        private readonly Lock _gate = new();
        private readonly SortedSet<ulong> _out = [];

        public override void OnDelivery(Delivery delivery)
        {
            lock (_gate)
            {
                _out.Add(delivery.Tag);
            }

            base.OnDelivery(delivery);
        }

        public override void Ack(ulong tag, bool multiple)
        {
            foreach (var neighbour in Swapped(tag, multiple))
            {
                base.Ack(neighbour, multiple: false);
            }
        }

        public override void Requeue(ulong tag)
        {
            lock (_gate)
            {
                if (!_out.Remove(tag))
                {
                    return;
                }
            }

            base.Requeue(tag);
        }

        /// <summary>For each tag that is to be acked the youngest that is out.</summary>
        private List<ulong> Swapped(ulong tag, bool multiple)
        {
            lock (_gate)
            {
                var count = multiple ? _out.Count(each => each <= tag) : 1;
                var youngest = _out.Reverse().Take(count).ToList();
                if (youngest.Exists(each => multiple ? each > tag : each != tag))
                {
                    Occasion.Had();
                }

                youngest.ForEach(each => _out.Remove(each));
                return youngest;
            }
        }
    }
}
