using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>A handler that throws, hangs or is cancelled is taken for one that has returned.</summary>
internal sealed record FailureIsSuccess() : Mutant(
    "failure-is-success", "A failed run counts as success.", FindingKind.EarlyAck, FindingKind.Lost)
{
    public override async Task RunAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
#pragma warning disable CA1031 // that is the mutation
        catch (Exception)
#pragma warning restore CA1031
        {
            Occasion.Had(); // nobody else hears of it
        }
    }
}
