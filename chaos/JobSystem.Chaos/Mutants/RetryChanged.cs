using System.Collections.Concurrent;
using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>The next attempt of a job reads another payload than was enqueued.</summary>
internal sealed record RetryChanged() : Mutant(
    "retry-changed", "A retry is published with the last byte of its payload flipped.", FindingKind.Corrupt)
{
    public override ITransport Transport(ITransport transport) =>
        new DetourTransport(transport, publisher: static () => new Detour());

    private sealed class Detour : PublisherDetour
    {
        private readonly ConcurrentDictionary<ulong, bool> _changed = new();

        public override void Publish(ulong number, Job job, Destination destination)
        {
            if (destination.Lane != Lane.Dead)
            {
                _changed[number] = true; // nobody reads the payload of a dead letter
            }

            var body = job.Body.ToArray();
            body[^1] ^= 0xFF;
            base.Publish(number, job with { Body = body }, destination);
        }

        protected override void Stored(ulong number)
        {
            base.Stored(number);
            if (_changed.TryRemove(number, out _))
            {
                Occasion.Had();
            }
        }
    }
}
