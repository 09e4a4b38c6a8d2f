using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>
/// A ledger with one thing wrong, and what the judge must say of it: a judge that has never failed may be unable to.
/// </summary>
/// <param name="Name">In kebab case.</param>
/// <param name="About">What is wrong, in a sentence.</param>
/// <param name="Prediction">What the judge must say.</param>
/// <param name="Change">Of the events; null: none.</param>
/// <param name="Damage">Of the files; null: none.</param>
internal sealed record Canary(
    string Name,
    string About,
    Prediction Prediction,
    Func<CanaryLedger, CanaryLedger>? Change = null,
    Action<RunFolder>? Damage = null)
{
    /// <summary>Writes it into a new folder and has it judged from there, as any run.</summary>
    public Verdict Sing(string folder)
    {
        var run = RunFolder.Create(folder);
        var ledger = CanaryLedger.Right();
        (Change?.Invoke(ledger) ?? ledger).WriteTo(run);
        Damage?.Invoke(run);
        return RunChecker.Judge(run).Verdict;
    }
}
