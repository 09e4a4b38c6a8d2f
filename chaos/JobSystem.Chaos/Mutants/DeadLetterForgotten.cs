using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>A job that is given up vanishes instead of standing in the dead letters.</summary>
internal sealed record DeadLetterForgotten() : Mutant(
    "dead-letter-forgotten", "A dead letter is told to be stored, but never published.",
    FindingKind.Lost, FindingKind.EarlyAck)
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
            if (destination.Lane != Lane.Dead)
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
