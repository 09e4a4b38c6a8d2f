using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Mutants.Seams;
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
        public override void Publish(ulong number, Job job, Destination destination)
        {
            Occasion.Had();
            var body = job.Body.ToArray();
            body[^1] ^= 0xFF;
            base.Publish(number, job with { Body = body }, destination);
        }
    }
}
