using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// The broker's answers go to the wrong publishes: of two neighbours the one that was refused is told to be confirmed,
/// the one that was stored to be refused.
/// </summary>
internal sealed record AnswerOfANeighbour() : Mutant(
    "answer-of-a-neighbour", "A confirm and a nack are taken for each other's publish.",
    FindingKind.Phantom, FindingKind.Lost)
{
    private const int Every = 10;

    public override ITransport ProducerTransport(ITransport transport) =>
        new DetourTransport(transport, publisher: static () => new Detour());

    private sealed class Detour : PublisherDetour
    {
        private ulong? _refused;

        public override void Publish(ulong number, Job job, Destination destination)
        {
            if (number % Every == 1)
            {
                _refused = number;
                return;
            }

            if (_refused is { } refused)
            {
                Occasion.Had();
                TellRejected(number);
                TellConfirmed(refused);
                _refused = null;
            }

            base.Publish(number, job, destination);
        }
    }
}
