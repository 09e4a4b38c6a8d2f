using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Texts;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>What the judge must say of something that is known to be right, wrong or doubtful. Pure.</summary>
/// <param name="Kind">Of the verdict.</param>
/// <param name="Guilt">Where it must fail: the class that must be found.</param>
/// <param name="Beside">Where it must fail: classes that may be found, too. Any other is a surprise.</param>
internal sealed record Prediction(VerdictKind Kind, FindingKind? Guilt = null, params IReadOnlyList<FindingKind> Beside)
{
    public static Prediction Pass { get; } = new(VerdictKind.Pass);

    public static Prediction Unknown { get; } = new(VerdictKind.Unknown);

    public static Prediction Guilty(FindingKind guilt, params IReadOnlyList<FindingKind> beside) =>
        new(VerdictKind.Fail, guilt, beside);

    /// <summary>As an experiment's file says it.</summary>
    public static Prediction Of(ExpectPlan expect) => expect.Failure is { } failure
        ? Guilty(KindOf(failure), [.. expect.Beside.Select(KindOf)])
        : Pass;

    public override string ToString() => Guilt is { } guilt ? KebabCase.Of($"{guilt}") : KebabCase.Of($"{Kind}");

    /// <summary>What was found, in a few words: <c>12 lost, 3 early-ack</c>.</summary>
    public static string InWords(Verdict verdict) => verdict.Kind == VerdictKind.Fail
        ? string.Join(", ", verdict.Kinds.Select(
            kind => $"{verdict.Findings.Count(finding => finding.Kind == kind)} {KebabCase.Of($"{kind}")}"))
        : KebabCase.Of($"{verdict.Kind}");

    /// <summary>Null: the verdict is as predicted. Else how it is not.</summary>
    public string? Surprise(Verdict verdict)
    {
        if (verdict.Kind != Kind)
        {
            return $"predicted {this}, found {InWords(verdict)}{Why(verdict)}";
        }

        if (Guilt is null)
        {
            return null;
        }

        return !IsFoundIn(verdict)
            ? $"predicted {this}, found {InWords(verdict)}{Why(verdict)}"
            : verdict.Doubts.Count > 0
            ? $"guilty as predicted, but in doubt: {verdict.Doubts[0]}"
            : null;
    }

    /// <summary>It is guilty as predicted, and of nothing unforeseen, whatever else is in doubt.</summary>
    public bool IsFoundIn(Verdict verdict) => Guilt is { } guilt && verdict.Kinds.Contains(guilt)
        && verdict.Kinds.All(kind => kind == guilt || Beside.Contains(kind));

    private static string Why(Verdict verdict) =>
        verdict.Findings.Count > 0 ? $": {verdict.Findings[0].Job}: {verdict.Findings[0].Evidence}"
        : verdict.Doubts.Count > 0 ? $": {verdict.Doubts[0]}"
        : "";

    private static FindingKind KindOf(string word) =>
        Enum.GetValues<FindingKind>().Single(kind => KebabCase.Of($"{kind}") == word);
}
