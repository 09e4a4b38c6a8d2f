using JobSystem.Chaos.Cli.Controls;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Controls;

public sealed class PredictionTests
{
    private static readonly Prediction _lost = Prediction.Guilty(FindingKind.Lost, FindingKind.EarlyAck);

    [Fact]
    public void A_control_that_fails_in_its_class_is_no_surprise() =>
        Assert.Null(_lost.Surprise(Verdict([FindingKind.Lost])));

    [Fact]
    public void A_class_that_may_be_found_beside_is_no_surprise() =>
        Assert.Null(_lost.Surprise(Verdict([FindingKind.Lost, FindingKind.EarlyAck])));

    [Fact]
    public void A_control_that_passes_is_a_surprise() => Assert.NotNull(_lost.Surprise(Verdict([])));

    [Fact]
    public void A_control_that_fails_only_in_another_class_is_a_surprise() =>
        Assert.NotNull(_lost.Surprise(Verdict([FindingKind.EarlyAck])));

    [Fact]
    public void A_class_that_nobody_foresaw_is_a_surprise() =>
        Assert.NotNull(_lost.Surprise(Verdict([FindingKind.Lost, FindingKind.Corrupt])));

    [Fact]
    public void A_control_whose_run_is_in_doubt_is_a_surprise() =>
        Assert.NotNull(_lost.Surprise(Verdict([FindingKind.Lost], "The fault never took effect.")));

    [Fact]
    public void A_twin_must_pass()
    {
        Assert.Null(Prediction.Pass.Surprise(Verdict([])));
        Assert.NotNull(Prediction.Pass.Surprise(Verdict([], "Nothing was enqueued.")));
        Assert.NotNull(Prediction.Pass.Surprise(Verdict([FindingKind.Stuck])));
    }

    [Fact]
    public void What_is_unknown_must_not_be_known()
    {
        Assert.Null(Prediction.Unknown.Surprise(Verdict([], "Nothing was enqueued.")));
        Assert.NotNull(Prediction.Unknown.Surprise(Verdict([])));
    }

    private static Verdict Verdict(FindingKind[] kinds, params string[] doubts) => new(
        kinds.Length > 0 ? VerdictKind.Fail : doubts.Length > 0 ? VerdictKind.Unknown : VerdictKind.Pass,
        [.. kinds.Select(kind => new Finding(kind, new JobId("one"), "as the test says", []))], doubts, new Tally());
}
