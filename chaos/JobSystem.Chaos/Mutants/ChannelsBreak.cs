using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// No mutant: the twin of those below, which are seen only when channels are lost while jobs run. The engine must
/// adopt what is delivered again.
/// </summary>
internal sealed record ChannelsBreak() : Mutant(
    "channels-break", "The broker closes the channel at every thirtieth delivery; nothing else is wrong.", null)
{
    public override string Experiment => "mutants-alone";

    public override ITransport Transport(ITransport transport) =>
        new DetourTransport(transport, _ => new BreakingDetour());
}
