using JobSystem.Chaos.Reports;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>A comparison as JUnit XML for build servers: that no run has lost a job, and a case for each measure.
/// </summary>
internal static class ComparisonJunit
{
    public static void Write(ComparisonReport report, Stream stream) => JunitXml.Write(
        "chaos.compare", report.Duration,
        [
            report.Breaker is null
                ? new JunitCase("no run lost a confirmed job")
                : new JunitCase(
                    "no run lost a confirmed job",
                    report.Breaker.ExitCode == ChaosExitCode.Broken ? "failure" : "error",
                    ComparisonText.Headline(report)),
            .. report.Metrics.Select(CaseOf),
        ],
        ComparisonText.Headline(report), stream);

    private static JunitCase CaseOf(ComparedPairs compared)
    {
        var name = $"{compared.Metric.Title}: B is not worse";
        return compared switch
        {
            { Ratio: null } => new JunitCase(name, "skipped", ComparisonText.Verdict(compared)),
            { IsTooMuchWorse: true } => new JunitCase(name, "failure", ComparisonText.Verdict(compared)),
            _ => new JunitCase(name),
        };
    }
}
