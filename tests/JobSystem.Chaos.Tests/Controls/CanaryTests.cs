using JobSystem.Chaos.Cli.Controls;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Controls;

/// <summary>The judge over real files: each way of being right, wrong or doubtful is called by its name.</summary>
public sealed class CanaryTests
{
    public static TheoryData<string> Names => [.. CanaryCatalog.All.Select(canary => canary.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_canary_gets_the_verdict_that_is_predicted(string name)
    {
        using var folder = new ScratchFolder();
        var canary = CanaryCatalog.All.Single(each => each.Name == name);

        Assert.Null(canary.Prediction.Surprise(canary.Sing(folder.File(name))));
    }

    [Fact]
    public void Each_class_of_what_can_be_wrong_has_a_canary()
    {
        var guilts = CanaryCatalog.All.Select(canary => canary.Prediction.Guilt).OfType<FindingKind>();

        Assert.Empty(Enum.GetValues<FindingKind>().Except(guilts));
    }

    [Fact]
    public void No_two_canaries_have_one_name() => Assert.Equal(
        CanaryCatalog.All.Count, CanaryCatalog.All.Select(canary => canary.Name).Distinct().Count());
}
