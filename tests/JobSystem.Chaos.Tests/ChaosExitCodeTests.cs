using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests;

/// <summary>The worst wins: 1, 5, 4, 2, 3, 0.</summary>
public sealed class ChaosExitCodeTests
{
    [Theory]
    [InlineData(0, VerdictKind.Pass, false)]
    [InlineData(3, VerdictKind.Pass, true)]
    [InlineData(2, VerdictKind.Unknown, true)]
    [InlineData(2, VerdictKind.Pass, true, FaultStep.Prove)]
    [InlineData(4, VerdictKind.Unknown, true, FaultStep.Prove, FaultStep.Inject)]
    [InlineData(5, VerdictKind.Unknown, true, FaultStep.Inject, FaultStep.Heal)]
    [InlineData(1, VerdictKind.Fail, true, FaultStep.Inject, FaultStep.Heal)]
    public void The_worst_of_all_is_told(int code, VerdictKind verdict, bool isMissed, params FaultStep[] failures) =>
        Assert.Equal(code, ChaosExitCode.Of(verdict, isMissed, failures));
}
