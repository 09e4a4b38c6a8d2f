using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// Settles on a channel that the delivery did not come from: the broker closes that one, and the delivery is never
/// settled at all.
/// </summary>
internal sealed record AckOnTheWrongChannel() : Mutant(
    "ack-on-the-wrong-channel", "An ack goes to another channel of the same worker.",
    FindingKind.Stuck, FindingKind.EarlyAck, FindingKind.Lost, FindingKind.DuplicatedWithoutCause)
{
    public override ITransport Transport(ITransport transport)
    {
        var open = new Channels();
        return new DetourTransport(transport, _ => new Detour(open));
    }

    private sealed class Channels
    {
        private readonly Lock _gate = new();
        private readonly List<Detour> _open = [];

        public void Add(Detour channel)
        {
            lock (_gate)
            {
                _open.Add(channel);
            }
        }

        public void Remove(Detour channel)
        {
            lock (_gate)
            {
                _open.Remove(channel);
            }
        }

        /// <summary>The one itself where there is no other.</summary>
        public Detour OtherThan(Detour channel)
        {
            lock (_gate)
            {
                return _open.Find(each => each != channel) ?? channel;
            }
        }
    }

    private sealed class Detour : ConsumerDetour
    {
        private readonly Channels _channels;

        public Detour(Channels channels)
        {
            _channels = channels;
            channels.Add(this);
        }

        public override void OnClosed(TransportFailure failure)
        {
            _channels.Remove(this);
            base.OnClosed(failure);
        }

        public override void Ack(ulong tag, bool multiple) =>
            _channels.OtherThan(this).AtBroker(broker => broker.Ack(tag, multiple));

        public override ValueTask DisposeAsync()
        {
            _channels.Remove(this);
            return base.DisposeAsync();
        }
    }
}
