using System.Collections.Concurrent;
using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// After a channel is lost the acks of its successor still go to it: they reach nobody, and the worker waits for ever
/// with its hands full.
/// </summary>
internal sealed record AckOnTheWrongChannel() : Mutant(
    "ack-on-the-wrong-channel", "An ack goes to the channel before the one that the delivery came from.",
    FindingKind.Stuck)
{
    public override string Experiment => "mutants-alone";

    public override ITransport Transport(ITransport transport)
    {
        var last = new ConcurrentDictionary<Lane, Detour>();
        return new DetourTransport(
            transport, settings => last[settings.Lane] = new Detour(last.GetValueOrDefault(settings.Lane)));
    }

    private sealed class Detour(Detour? before) : BreakingDetour
    {
        public override void Ack(ulong tag, bool multiple)
        {
            if (before is not null)
            {
                Occasion.Had();
            }

            (before ?? this).AtBroker(broker => broker.Ack(tag, multiple));
        }
    }
}
