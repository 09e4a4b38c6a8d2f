using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>A client is told that its job is confirmed, and the broker has never heard of it.</summary>
internal sealed record ConfirmedUnpublished() : Mutant(
    "confirmed-unpublished", "One enqueue in twenty is confirmed without a publish.", FindingKind.Lost)
{
    private const int Every = 20;

    public override ITransport ProducerTransport(ITransport transport) =>
        new DetourTransport(transport, publisher: static () => new Detour());

    private sealed class Detour : PublisherDetour
    {
        public override void Publish(ulong number, Job job, Destination destination)
        {
            if (number % Every == 0)
            {
                Occasion.Had();
                TellConfirmed(number);
            }
            else
            {
                base.Publish(number, job, destination);
            }
        }
    }
}
