using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Mutants;

/// <summary>The work of a job is done twice for one delivery.</summary>
internal sealed record FinishedTwice() : Mutant(
    "finished-twice", "The handler is run again after it has returned.", FindingKind.DuplicatedWithoutCause)
{
    public override async Task RunAsync(Func<Task> run)
    {
        await run();
        await run();
        Occasion.Had();
    }
}
