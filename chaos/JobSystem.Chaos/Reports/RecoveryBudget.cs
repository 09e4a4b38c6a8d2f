using System.Globalization;

namespace JobSystem.Chaos.Reports;

/// <summary>How long a stage of the recovery may take.</summary>
/// <param name="Fault">As experiments call it; ends with <c>*</c> for all that begin so.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="Limit">At most.</param>
/// <param name="Percentile">So many of a hundred faults must keep it. Default 100: every single one.</param>
public sealed record RecoveryBudget(string Fault, RecoveryStage Stage, TimeSpan Limit, double Percentile = 100)
{
    /// <summary>What the system promises where an experiment says nothing.</summary>
    public static IReadOnlyList<RecoveryBudget> Defaults { get; } =
    [
        new("worker-kill", RecoveryStage.Redelivery, TimeSpan.FromMilliseconds(500)),
        new("broker-restart", RecoveryStage.FirstConfirm, TimeSpan.FromSeconds(1)),
        new("broker-restart", RecoveryStage.FirstFinished, TimeSpan.FromSeconds(2)),
        new("broker-kill", RecoveryStage.FirstConfirm, TimeSpan.FromSeconds(1)),
        new("broker-kill", RecoveryStage.FirstFinished, TimeSpan.FromSeconds(2)),
    ];

    public bool IsFor(string fault) => Fault.EndsWith('*')
        ? fault.StartsWith(Fault[..^1], StringComparison.Ordinal)
        : fault == Fault;

    /// <summary>Null: it is not due, or the fault never took effect.</summary>
    public bool? IsMetBy(FaultRecovery fault) => (fault.HappenedAt, fault[Stage]) switch
    {
        (null, _) => null,
        (_, { } took) => took <= Limit,
        _ => fault.IsDue(Stage) ? false : null,
    };

    internal ThresholdResult Judge(IReadOnlyCollection<FaultRecovery> faults)
    {
        var judged = faults.Where(fault => IsMetBy(fault) is not null).ToList();
        var missed = judged.Count(fault => IsMetBy(fault) == false);
        var never = judged.Count(fault => fault[Stage] is null);
        var maxMissed = judged.Count - (int)Math.Ceiling(Percentile / 100 * judged.Count);
        var measured = judged.Count == 0
            ? Stage == RecoveryStage.Redelivery
                ? "not measured: no victim had a job in hand"
                : "not measured: nothing was to be done afterwards"
            : $"slowest of {judged.Count}: {Worst(judged)}{Missed(missed, never)}";
        var share = Percentile < 100 ? string.Create(CultureInfo.InvariantCulture, $"p{Percentile} ") : "";
        return new ThresholdResult(
            $"{(Fault == "*" ? "every fault" : Fault)}: {StageText.Of(Stage)}",
            $"{share}at most {StageText.Of(Limit)}", measured, judged.Count == 0 ? null : missed <= maxMissed);
    }

    private string Worst(List<FaultRecovery> judged) =>
        judged.Max(fault => fault[Stage]) is { } worst ? StageText.Of(worst) : "never";

    private static string Missed(int missed, int never) => (missed, never) switch
    {
        (0, _) => "",
        (_, 0) => $"; {missed} over the limit",
        _ => $"; {missed} over the limit, {never} of them never came",
    };
}

/// <summary>A threshold, what was measured and whether it was met.</summary>
/// <param name="Name">What is limited.</param>
/// <param name="Limit">In words: <c>at most 250 ms</c>.</param>
/// <param name="Measured">In words.</param>
/// <param name="IsMet">Null: it could not be measured, so it says nothing.</param>
public sealed record ThresholdResult(string Name, string Limit, string Measured, bool? IsMet);
