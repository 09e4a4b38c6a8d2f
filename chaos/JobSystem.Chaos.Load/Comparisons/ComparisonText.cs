using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Output;
using static System.FormattableString;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>A comparison in words, for every form of it alike. Pure.</summary>
internal static class ComparisonText
{
    public static IReadOnlyList<string> Columns { get; } =
        ["measure", "A", "B", "B vs. A", "95 % interval", "pairs", "verdict"];

    public static string[] Cells(ComparedPairs compared)
    {
        var (metric, ratio) = (compared.Metric, compared.Ratio);
        return
        [
            metric.Title, Value(metric, compared.MedianOfA), Value(metric, compared.MedianOfB),
            ratio is null ? "–" : Signed(ratio.Median),
            ratio is null ? "–" : $"{Signed(ratio.Low)} to {Signed(ratio.High)}",
            Of(compared.Pairs.Count), Verdict(compared),
        ];
    }

    /// <summary><c>B is 4.1 % faster (1.9 % to 6 %)</c>.</summary>
    public static string Verdict(ComparedPairs compared) => compared.Ratio switch
    {
        null => compared.Pairs.Count == 0 ? "not measured" : "too few pairs",
        { IsDifferent: true } ratio => $"B is {Difference(compared.Metric, ratio)}" +
            (compared.IsTooMuchWorse ? Invariant($": more than {compared.MaxWorse * 100:0.#} % worse") : ""),
        { IsNoisy: true } ratio =>
            $"too noisy: {Signed(ratio.Low)} to {Signed(ratio.High)}; try more rounds, or longer ones",
        var ratio => $"no difference seen: within {Signed(ratio.Low)} to {Signed(ratio.High)}",
    };

    public static string Word(ComparisonReport report) => report.ExitCode switch
    {
        ChaosExitCode.Pass => report.Metrics.Any(metric => metric.Ratio is { IsDifferent: true })
            ? "DIFFERENT"
            : IsSure(report) ? "NO DIFFERENCE SEEN" : "INCONCLUSIVE",
        ChaosExitCode.Broken => "FAIL",
        ChaosExitCode.Missed => "WORSE",
        _ => "UNKNOWN",
    };

    /// <summary>Some difference was seen, or none was too noisy to be seen.</summary>
    public static bool IsSure(ComparisonReport report) =>
        report.Metrics.Any(metric => metric.Ratio is { IsDifferent: true })
        || !report.Metrics.Any(metric => metric.Ratio is { IsNoisy: true });

    public static string Headline(ComparisonReport report)
    {
        if (report.Breaker is { } breaker)
        {
            return $"{breaker.Program} ended round {breaker.Round} with {breaker.ExitCode} " +
                $"({ChaosExitCode.InWords(breaker.ExitCode)}): see {breaker.Folder}.";
        }

        var told = report.Metrics.Where(metric => metric.Ratio is { IsDifferent: true })
            .Select(metric => $"{metric.Metric.Title}: {Verdict(metric)}").ToList();
        var noisy = report.Metrics.Where(metric => metric.Ratio is { IsNoisy: true })
            .Select(metric => metric.Metric.Title).ToList();
        return string.Concat(
            report.IsInterrupted ? "Interrupted. " : "",
            report.Metrics.All(metric => metric.Ratio is null)
                ? $"No conclusion: that takes {PairedRatio.MinPairs} rounds."
                : told.Count == 0 ? "No difference was seen." : $"{string.Join("; ", told)}.",
            noisy.Count > 0 ? $" Too noisy to say: {string.Join(", ", noisy)}." : "");
    }

    /// <summary>What a reader should know beside.</summary>
    public static string Remark(ComparisonReport report) =>
        $"{report.Metrics.Count} measures were compared. By chance, one in twenty looks different although it is not.";

    public static Table Table(ComparisonReport report)
    {
        var table = new Table([.. Columns.Select(column => column.ToUpperInvariant())]);
        foreach (var metric in report.Metrics)
        {
            table.Add(Cells(metric));
        }

        return table;
    }

    /// <summary><c>+4.1 %</c>.</summary>
    public static string Signed(double ratio) => Invariant($"{(ratio - 1) * 100:+0.0;-0.0;0.0} %");

    private static string Difference(ComparedMetric metric, PairedRatio ratio)
    {
        var (near, far) = ratio.Median > 1 ? (ratio.Low, ratio.High) : (ratio.High, ratio.Low);
        return Invariant($"{Percent(ratio.Median)} {(ratio.Median > 1 ? metric.More : metric.Less)} ") +
            $"({Percent(near)} to {Percent(far)})";

        static string Percent(double of) => Invariant($"{Math.Abs(of - 1) * 100:0.0} %");
    }

    private static string Value(ComparedMetric metric, double? value) => value is { } known ? metric.Say(known) : "–";
}
