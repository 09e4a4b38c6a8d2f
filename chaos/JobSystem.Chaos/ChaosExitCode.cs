using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos;

/// <summary>What the exit codes of <c>chaos</c> mean. Pure.</summary>
public static class ChaosExitCode
{
    /// <summary>Every confirmed job is accounted for, every fault took effect, every threshold was met.</summary>
    public const int Pass = 0;

    /// <summary>The promise was broken: a job is lost, stuck, corrupt, acked early...</summary>
    public const int Broken = 1;

    /// <summary>It cannot be known: nothing was seen to be wrong, but something was not looked at.</summary>
    public const int Unknown = 2;

    /// <summary>The promise held, but a threshold was missed.</summary>
    public const int Missed = 3;

    /// <summary>A fault could not be injected.</summary>
    public const int NotInjected = 4;

    /// <summary>A fault could not be undone: it may still be in force. <c>chaos heal</c> tries again.</summary>
    public const int NotReverted = 5;

    public const string Explanation =
        "0 pass, 1 broken promise, 2 unknown, 3 threshold missed, 4 could not inject, 5 could not revert";

    /// <summary>
    /// The worst wins, in the order 1, 5, 4, 2, 3, 0. A broken promise is what the whole thing is for; then a machine
    /// left broken, which needs somebody at once; then the reason why nothing can be known before the fact that it
    /// cannot; a threshold counts only where the promise is known to hold.
    /// </summary>
    /// <param name="verdict">Of the checker.</param>
    /// <param name="isThresholdMissed">One or more.</param>
    /// <param name="failures">Steps of faults that failed. One that was not seen to take effect is unknown.</param>
    public static int Of(VerdictKind verdict, bool isThresholdMissed, IReadOnlyCollection<FaultStep> failures) =>
        verdict == VerdictKind.Fail ? Broken
        : failures.Contains(FaultStep.Heal) ? NotReverted
        : failures.Contains(FaultStep.Inject) ? NotInjected
        : verdict == VerdictKind.Unknown || failures.Contains(FaultStep.Prove) ? Unknown
        : isThresholdMissed ? Missed
        : Pass;

    /// <summary>Of several runs the worst counts: the greater, the worse.</summary>
    public static int Severity(int code) =>
        Array.IndexOf([Pass, Missed, Unknown, NotInjected, NotReverted, Broken], code);

    /// <summary>In a few words.</summary>
    public static string InWords(int code) => code switch
    {
        Pass => "pass",
        Broken => "the promise was broken",
        Unknown => "unknown",
        Missed => "a threshold was missed",
        NotInjected => "a fault could not be injected",
        NotReverted => "a fault could not be reverted",
        _ => $"exit code {code}",
    };
}
