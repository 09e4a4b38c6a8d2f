using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// Some acks never reach the broker: the jobs are finished, and their messages stay in the queue, to be run again at
/// the next start. Only a few, so that the prefetch has room for the others.
/// </summary>
internal sealed record AckForgotten() : Mutant(
    "ack-forgotten", "Some finished jobs are never acked.", FindingKind.Unacked)
{
    public override string Experiment => "mutants-alone";

    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : ConsumerDetour
    {
        private const int Every = 50;
        private const int Max = 2;

        private readonly Lock _gate = new();
        private readonly SortedSet<ulong> _out = [];
        private int _acked;
        private int _forgotten;

        public override void OnDelivery(Delivery delivery)
        {
            lock (_gate)
            {
                _out.Add(delivery.Tag);
            }

            base.OnDelivery(delivery);
        }

        /// <summary>One by one: an ack of many would take those along that are forgotten.</summary>
        public override void Ack(ulong tag, bool multiple)
        {
            foreach (var each in Remembered(tag, multiple))
            {
                base.Ack(each, multiple: false);
            }
        }

        private List<ulong> Remembered(ulong tag, bool multiple)
        {
            lock (_gate)
            {
                var tags = multiple ? _out.TakeWhile(each => each <= tag).ToList() : [tag];
                tags.ForEach(each => _out.Remove(each));
                return [.. tags.Where(_ => !IsForgotten())];
            }
        }

        private bool IsForgotten()
        {
            var isForgotten = ++_acked % Every == 0 && ++_forgotten <= Max;
            if (isForgotten)
            {
                Occasion.Had();
            }

            return isForgotten;
        }
    }
}
