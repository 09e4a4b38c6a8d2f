using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>The sentences that every form of a report has in common. Pure.</summary>
internal static class ReportText
{
    /// <summary>One word, readable without colours.</summary>
    public static string Word(RunReport report) => report.ExitCode switch
    {
        ChaosExitCode.Pass => "PASS",
        ChaosExitCode.Broken => "FAIL",
        ChaosExitCode.Missed => "THRESHOLD MISSED",
        ChaosExitCode.NotInjected => "UNKNOWN: COULD NOT INJECT",
        ChaosExitCode.NotReverted => "UNKNOWN: COULD NOT REVERT",
        _ => "UNKNOWN",
    };

    public static string Headline(RunReport report) => report.ExitCode switch
    {
        ChaosExitCode.Pass => "No confirmed job was lost: " + (report.Verdict.Tally.Confirmed == 1
            ? "the only one is accounted for."
            : $"all {Of(report.Verdict.Tally.Confirmed)} are accounted for."),
        ChaosExitCode.Broken => $"The promise was broken: {Findings(report.Verdict)}.",
        ChaosExitCode.Missed => "No confirmed job was lost, but " +
            $"{Count(report.AllThresholds.Count(each => each.IsMet == false), "threshold was", "thresholds were")} " +
            "missed.",
        ChaosExitCode.NotInjected => "A fault could not be injected, so this run proves nothing.",
        ChaosExitCode.NotReverted => "A fault could not be reverted and may still be active: run 'chaos heal'. " +
            "This run proves nothing.",
        _ => $"Nothing wrong was found, but this run proves nothing: {Doubt(report.Verdict)}",
    };

    /// <summary>A class of findings, as the headline and groups call it.</summary>
    public static string Name(FindingKind kind) => kind switch
    {
        FindingKind.Lost => "lost",
        FindingKind.Stuck => "stuck",
        FindingKind.Unexpected => "unexpected",
        FindingKind.Phantom => "phantom",
        FindingKind.EarlyAck => "acked early",
        FindingKind.DuplicatedWithoutCause => "duplicated without cause",
        FindingKind.Unacked => "unacked",
        FindingKind.Corrupt => "corrupt",
        _ => "dead letter not allowed",
    };

    /// <summary>
    /// What the last term of the equation is called: before the queues were looked through to the end, what is missing
    /// is not known to be lost.
    /// </summary>
    public static string NameOfMissing(Verdict verdict) =>
        verdict.Tally.Lost > 0 && !verdict.Kinds.Contains(FindingKind.Lost) ? "not looked for" : "lost";

    /// <summary>What the class means, for somebody who has never seen it.</summary>
    public static string Meaning(FindingKind kind) => kind switch
    {
        FindingKind.Lost => "Confirmed, but neither finished nor in the dead letters nor in any queue.",
        FindingKind.Stuck => "Confirmed, and still in a queue after everything was repaired and waited for.",
        FindingKind.Unexpected => "It ran or was found, but nobody had enqueued it.",
        FindingKind.Phantom => "The client was told that it is rejected, yet it ran or was found.",
        FindingKind.EarlyAck => "Its message was acked before the work was done: a crash there would have lost it.",
        FindingKind.DuplicatedWithoutCause => "Finished more than once although nothing happened that explains it.",
        FindingKind.Unacked =>
            "Finished, but its message is still in a queue: it would run again at the next start.",
        FindingKind.Corrupt => "A run read another payload than was enqueued.",
        _ => "A dead letter, for a reason that this experiment does not allow.",
    };

    /// <summary><c>3 lost, 1 corrupt</c>.</summary>
    public static string Findings(Verdict verdict) => string.Join(", ", verdict.Findings
        .GroupBy(finding => finding.Kind)
        .OrderBy(group => group.Key)
        .Select(group => group.Key == FindingKind.DeadLettered
            ? Count(group.Count(), "dead letter not allowed", "dead letters not allowed")
            : $"{Of(group.Count())} {Name(group.Key)}"));

    /// <summary>What became of the unknown ones, of duplicates and zombies; nothing where there are none.</summary>
    public static IEnumerable<string> Remarks(Tally tally)
    {
        if (tally.Unknown > 0)
        {
            yield return $"Of the {Of(tally.Unknown)} unknown, {Of(tally.Recovered)} had been stored after all and " +
                $"{Of(tally.Absent)} had not: no promise was made for either.";
        }

        if (tally.DuplicatedWithCause > 0)
        {
            var zombies = tally.Zombies > 0
                ? $" {Of(tally.Zombies)} of them last by a worker that had been frozen."
                : "";
            yield return $"{Count(tally.DuplicatedWithCause, "job was", "jobs were")} finished more than once, each " +
                $"because of a fault.{zombies}";
        }
    }

    /// <summary>The first reason, and how many more there are.</summary>
    private static string Doubt(Verdict verdict) => verdict.Doubts.Count switch
    {
        0 => "a fault was not seen to take effect.",
        1 => verdict.Doubts[0],
        var count => $"{verdict.Doubts[0]} (And {Count(count - 1, "more reason", "more reasons")}.)",
    };

    public static string Count(long count, string one, string many) => $"{Of(count)} {(count == 1 ? one : many)}";

    /// <summary>A stage of a fault: a duration, or why there is none.</summary>
    public static string Stage(FaultRecovery fault, RecoveryStage stage) =>
        fault[stage] is { } took ? Of(took)
        : !fault.IsDue(stage) || fault.HappenedAt is null ? "–"
        : fault.HealedAt is null && stage > RecoveryStage.Redelivery ? "not reverted"
        : "never";

    /// <summary>Which fault on whom, after its number; nothing where it could not even be made.</summary>
    public static string Whom(FaultRecovery fault) =>
        fault.Name.Length == 0 ? "" : $", {fault.Name} on {StageText.Cut(fault.Victim, 120)}";

    /// <summary>What became of a fault.</summary>
    public static string Outcome(FaultRecovery fault) =>
        fault.Troubles.Count > 0 ? string.Join("; ", fault.Troubles.Select(Trouble))
        : fault.HappenedAt is null ? "was not seen to take effect"
        : "took effect";

    public static string Trouble(FaultTrouble trouble) => trouble.Step switch
    {
        FaultStep.Inject => $"could not be injected: {trouble.Why}",
        FaultStep.Prove => $"was not seen to take effect: {trouble.Why}",
        _ => $"could not be reverted: {trouble.Why}",
    };
}
