using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>A failed job's original is acked, and its next attempt exists nowhere.</summary>
internal sealed record RetryForgotten() : Mutant(
    "retry-forgotten", "A retry is told to be stored, but never published.", FindingKind.EarlyAck, FindingKind.Lost)
{
    public override ITransport Transport(ITransport transport)
    {
        var acks = new UnearnedAcks(Occasion.Had);
        return new DetourTransport(transport, _ => acks.Watch(), () => new Detour(acks));
    }

    private sealed class Detour(UnearnedAcks acks) : PublisherDetour
    {
        public override void Publish(ulong number, Job job, Destination destination)
        {
            if (destination.Lane == Lane.Dead)
            {
                base.Publish(number, job, destination);
            }
            else
            {
                acks.Owe(job.Id);
                TellConfirmed(number);
            }
        }
    }
}
