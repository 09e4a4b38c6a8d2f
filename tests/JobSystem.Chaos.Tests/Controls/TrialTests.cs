using JobSystem.Chaos.Cli.Controls;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Controls;

/// <summary>A busy machine must not look like a judge that is wrong.</summary>
public sealed class TrialTests
{
    private static readonly Experiment _any = new() { Name = "x", About = "x" };

    [Fact]
    public void A_mutant_whose_defect_had_no_occasion_was_not_tried() =>
        Assert.Equal(TrialEnd.NotRun, EndOf(TrialKind.Mutant, [], hadOccasion: false));

    [Fact]
    public void A_mutant_that_passes_though_its_defect_acted_is_a_surprise() =>
        Assert.Equal(TrialEnd.Surprise, EndOf(TrialKind.Mutant, [], hadOccasion: true));

    [Fact]
    public void A_mutant_that_is_found_guilty_is_as_predicted() =>
        Assert.Equal(TrialEnd.AsPredicted, EndOf(TrialKind.Mutant, [FindingKind.Lost], hadOccasion: true));

    [Fact]
    public void A_run_in_doubt_says_nothing_of_the_judge()
    {
        Assert.Equal(TrialEnd.NotRun, EndOf(TrialKind.Mutant, [], hadOccasion: true, "No fault took effect."));
        Assert.Equal(TrialEnd.NotRun, EndOf(TrialKind.Control, [], hadOccasion: true, "No fault took effect."));
        Assert.Equal(
            TrialEnd.NotRun, EndOf(TrialKind.Mutant, [FindingKind.Lost], hadOccasion: true, "A fault failed."));
    }

    [Fact]
    public void What_nobody_foresaw_is_a_surprise_also_where_something_is_in_doubt() => Assert.Equal(
        TrialEnd.Surprise, EndOf(TrialKind.Mutant, [FindingKind.Corrupt], hadOccasion: true, "A fault failed."));

    [Fact]
    public void A_control_that_passes_is_a_surprise() =>
        Assert.Equal(TrialEnd.Surprise, EndOf(TrialKind.Control, [], hadOccasion: false));

    private static TrialEnd EndOf(TrialKind kind, FindingKind[] found, bool hadOccasion, params string[] doubts)
    {
        var verdict = new Verdict(
            found.Length > 0 ? VerdictKind.Fail : doubts.Length > 0 ? VerdictKind.Unknown : VerdictKind.Pass,
            [.. found.Select(each => new Finding(each, new JobId("one"), "as the test says", []))], doubts,
            new Tally());
        return new ExperimentTrial(kind, "x", "x", Prediction.Guilty(FindingKind.Lost), _any)
            .EndOf(verdict, ChaosExitCode.Of(verdict.Kind, false, []), hadOccasion, "").End;
    }
}
