using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>The original is acked before its successor is stored: who dies in between takes the job along.</summary>
internal sealed record RetryStoredLate(TimeProvider Clock) : Mutant(
    "retry-stored-late", "A retry is told to be stored before it is published.",
    FindingKind.EarlyAck, FindingKind.Lost)
{
    public override ITransport Transport(ITransport transport)
    {
        var acks = new UnearnedAcks(Occasion.Had);
        return new DetourTransport(transport, _ => acks.Watch(), () => new LateDetour(Clock, acks.Owe, acks.Pay));
    }
}
