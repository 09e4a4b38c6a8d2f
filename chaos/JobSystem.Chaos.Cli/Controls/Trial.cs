using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>One thing that the judge is tried on.</summary>
/// <param name="Kind">Why it is tried.</param>
/// <param name="Name">In kebab case.</param>
/// <param name="About">In a sentence.</param>
/// <param name="Prediction">What the judge must say.</param>
internal abstract record Trial(TrialKind Kind, string Name, string About, Prediction Prediction)
{
    /// <summary>Whether it must have the broker for itself.</summary>
    public virtual TrialNeeds Needs => TrialNeeds.Nothing;
}

/// <summary>A ledger written by hand.</summary>
internal sealed record CanaryTrial(Canary Canary) : Trial(
    TrialKind.Canary, Canary.Name, Canary.About, Canary.Prediction);

/// <summary>An experiment that is run.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Name">In kebab case.</param>
/// <param name="About">In a sentence.</param>
/// <param name="Prediction">What the judge must say.</param>
/// <param name="Experiment">What.</param>
internal sealed record ExperimentTrial(
    TrialKind Kind, string Name, string About, Prediction Prediction, Experiment Experiment)
    : Trial(Kind, Name, About, Prediction)
{
    /// <summary>
    /// What the verdict of the run says of the judge. A run in doubt, and a mutant whose defect had no occasion, says
    /// nothing: the machine was too busy, and it was not tried. Pure.
    /// </summary>
    /// <param name="verdict">Of the run.</param>
    /// <param name="exitCode">Of the run.</param>
    /// <param name="hadOccasion">Whether the defect of a mutant came to act.</param>
    /// <param name="headline">The verdict in a sentence.</param>
    public (TrialEnd End, string Why) EndOf(Verdict verdict, int exitCode, bool hadOccasion, string headline)
    {
        if (Prediction.Kind != VerdictKind.Unknown && verdict is { Findings.Count: 0, Doubts: [var doubt, ..] })
        {
            return (TrialEnd.NotRun, doubt);
        }

        if (Kind == TrialKind.Mutant && verdict.Findings.Count == 0 && !hadOccasion)
        {
            return (TrialEnd.NotRun, "its defect had no occasion");
        }

        if (Prediction.Surprise(verdict) is { } surprise)
        {
            return (verdict.Doubts.Count > 0 && Prediction.IsFoundIn(verdict)
                ? TrialEnd.NotRun
                : TrialEnd.Surprise, surprise);
        }

        return Kind == TrialKind.Twin && exitCode != ChaosExitCode.Pass
            ? (TrialEnd.Surprise, headline)
            : (TrialEnd.AsPredicted, "");
    }

    public override TrialNeeds Needs => Experiment.Target == "sqlite" ? TrialNeeds.Processes : TrialNeeds.Broker;
}

/// <summary>Why something is tried.</summary>
internal enum TrialKind
{
    /// <summary>A ledger written by hand: does the judge see what stands in it?</summary>
    Canary,

    /// <summary>The job system with one defect: must be found guilty.</summary>
    Mutant,

    /// <summary>A client of the broker with one knob wrong: must be found guilty.</summary>
    Control,

    /// <summary>The same without the defect: must pass, or the guilt of the other proves nothing.</summary>
    Twin,
}

/// <summary>What a trial occupies.</summary>
internal enum TrialNeeds
{
    Nothing,

    /// <summary>Processes of its own; several may be run at a time.</summary>
    Processes,

    /// <summary>Processes, and the one broker that all share: one at a time.</summary>
    Broker,
}

/// <summary>How a trial went.</summary>
/// <param name="Trial">Which.</param>
/// <param name="End">In short.</param>
/// <param name="Found">What the judge said, in a few words.</param>
/// <param name="Took">From beginning to end.</param>
/// <param name="Why">Where it is not as predicted.</param>
/// <param name="Folder">Of the run; null for a canary.</param>
internal sealed record TrialResult(
    Trial Trial, TrialEnd End, string Found, TimeSpan Took, string Why = "", string? Folder = null);

/// <summary>How a trial may end.</summary>
internal enum TrialEnd
{
    AsPredicted,

    /// <summary>The judge, the prediction or the engine is wrong.</summary>
    Surprise,

    /// <summary>The broker does not let anybody make this mistake; neither passed nor failed.</summary>
    NotApplicable,

    /// <summary>It could not be run.</summary>
    NotRun,
}
