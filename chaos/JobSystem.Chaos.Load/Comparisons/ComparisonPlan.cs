namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>What is compared, and how.</summary>
/// <param name="A">The one that is compared with.</param>
/// <param name="B">The one that is judged.</param>
/// <param name="Rounds">How often both are run.</param>
/// <param name="Seed">Of the first round's two runs; each round has the next.</param>
/// <param name="Load">The arguments of <c>chaos load</c>.</param>
/// <param name="Target">The broker.</param>
/// <param name="Metrics">By which.</param>
/// <param name="MaxWorse">B may be worse by this share; null: by any.</param>
/// <param name="Repeat">What a user would write to have the same again.</param>
internal sealed record ComparisonPlan(
    BuiltProgram A, BuiltProgram B, int Rounds, int Seed, IReadOnlyList<string> Load, string Target,
    IReadOnlyList<ComparedMetric> Metrics, double? MaxWorse, string Repeat)
{
    /// <summary>A B, B A, A B...: a machine that becomes slower or faster meanwhile is so for both.</summary>
    /// <param name="round">From 1.</param>
    public IReadOnlyList<BuiltProgram> OrderOf(int round) => round % 2 == 1 ? [A, B] : [B, A];

    /// <summary>The same load, jobs and draws for both.</summary>
    /// <param name="round">From 1.</param>
    public int SeedOf(int round) => unchecked(Seed + round - 1) & int.MaxValue;
}
