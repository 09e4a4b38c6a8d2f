using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>A consumer that the broker has closed is believed to be there: the worker waits for ever.</summary>
internal sealed record DeafToClosing() : Mutant(
    "deaf-to-closing", "The engine is not told that its channel is closed.", FindingKind.Stuck)
{
    public override string Experiment => "mutants-alone";

    public override ITransport Transport(ITransport transport) => new DetourTransport(transport, _ => new Detour());

    private sealed class Detour : BreakingDetour
    {
        /// <summary>As if nothing had been said.</summary>
        public override void OnClosed(TransportFailure failure) => Occasion.Had();
    }
}
