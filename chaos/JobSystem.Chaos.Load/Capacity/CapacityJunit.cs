using JobSystem.Chaos.Reports;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>A search as JUnit XML for build servers: the answer, and that no step has lost a job.</summary>
internal static class CapacityJunit
{
    public static void Write(CapacityReport report, Stream stream) => JunitXml.Write(
        "chaos.find-max", report.Duration,
        [
            report.ExitCode switch
            {
                ChaosExitCode.Pass => new JunitCase("a rate is within the limits"),
                ChaosExitCode.Missed => new JunitCase("a rate is within the limits", "failure", report.Answer),
                _ => new JunitCase("a rate is within the limits", "error", report.Answer),
            },
            .. report.Steps.Select(step => step.IsTheEnd
                ? new JunitCase(NameOf(step), "failure", step.Report.Headline, $"{step.Report.Verdict}")
                : new JunitCase(NameOf(step))),
        ],
        report.Answer, stream);

    private static string NameOf(CapacityStep step) =>
        $"step {step.Number}, {CapacityReport.Per(step.Rate)}: no confirmed job is lost";
}
