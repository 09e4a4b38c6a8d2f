using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>One run of one build.</summary>
/// <param name="Round">From 1.</param>
/// <param name="Program"><c>A</c> or <c>B</c>.</param>
/// <param name="ExitCode">Of the run.</param>
/// <param name="Folder">Of the run.</param>
/// <param name="Values">By metric; a metric that was not measured is missing.</param>
/// <param name="About">Broker and machine, as the run says.</param>
internal sealed record ComparedRun(
    int Round, string Program, int ExitCode, string Folder, IReadOnlyDictionary<string, double> Values,
    (string Target, string Machine) About = default)
{
    /// <summary>Its figures mean something.</summary>
    public bool Counts => ExitCode is ChaosExitCode.Pass or ChaosExitCode.Missed;
}

/// <summary>What the pairs say of one metric.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Pairs">Round, A, B.</param>
/// <param name="Ratio">Of B to A; null: too few pairs.</param>
/// <param name="MaxWorse">B may be worse by this share; null: by any.</param>
internal sealed record ComparedPairs(
    ComparedMetric Metric, IReadOnlyList<(int Round, double A, double B)> Pairs, PairedRatio? Ratio, double? MaxWorse)
{
    /// <summary>Surely worse than it may be: all of the interval is beyond.</summary>
    public bool IsTooMuchWorse => Ratio is { IsDifferent: true } ratio && MaxWorse is { } most
        && (Metric.IsMoreBetter ? ratio.High < 1 - most : ratio.Low > 1 + most);

    public double? MedianOfA => Middle(pair => pair.A);

    public double? MedianOfB => Middle(pair => pair.B);

    private double? Middle(Func<(int, double A, double B), double> of) =>
        Pairs.Count == 0 ? null : Trend.Middle([.. Pairs.Select(of).Order()]);
}

/// <summary>All that is told of a comparison; its forms only put it into words.</summary>
internal sealed record ComparisonReport
{
    public required ComparisonPlan Plan { get; init; }

    /// <summary>In the order in which they were run.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    public required IReadOnlyList<ComparedPairs> Metrics { get; init; }

    /// <summary>It was told to stop.</summary>
    public required bool IsInterrupted { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The run that ended it: it broke the promise, or nothing can be known of it.</summary>
    public ComparedRun? Breaker => Runs.FirstOrDefault(run => !run.Counts);

    /// <summary>See <see cref="ChaosExitCode"/>.</summary>
    public int ExitCode =>
        Breaker is { } breaker ? breaker.ExitCode
        : Metrics.All(metric => metric.Ratio is null) ? ChaosExitCode.Unknown
        : Metrics.Any(metric => metric.IsTooMuchWorse) ? ChaosExitCode.Missed
        : ChaosExitCode.Pass;

    public static ComparisonReport Of(
        ComparisonPlan plan, IReadOnlyList<ComparedRun> runs, bool isInterrupted, DateTimeOffset startedAt,
        TimeSpan duration) => new()
    {
        Plan = plan,
        Runs = runs,
        Metrics = [.. plan.Metrics.Select(metric => Compare(plan, runs, metric))],
        IsInterrupted = isInterrupted,
        StartedAt = startedAt,
        Duration = duration,
    };

    private static ComparedPairs Compare(
        ComparisonPlan plan, IReadOnlyList<ComparedRun> runs, ComparedMetric metric)
    {
        var pairs = new List<(int Round, double A, double B)>();
        foreach (var round in runs.Where(run => run.Counts).GroupBy(run => run.Round))
        {
            if (ValueOf(round, plan.A) is { } a && ValueOf(round, plan.B) is { } b)
            {
                pairs.Add((round.Key, a, b));
            }
        }

        return new ComparedPairs(
            metric, pairs, PairedRatio.Of(pairs.Select(pair => (pair.A, pair.B)), plan.Seed), plan.MaxWorse);

        double? ValueOf(IEnumerable<ComparedRun> round, BuiltProgram program) => round
            .Where(run => run.Program == program.Name && run.Values.ContainsKey(metric.Name))
            .Select(run => (double?)run.Values[metric.Name])
            .FirstOrDefault();
    }
}
