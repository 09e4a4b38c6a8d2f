using System.Globalization;
using System.Xml;
using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Reports.JunitXml;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Runs as JUnit XML for build servers: a suite a run, a case a property. What is wrong is a failure, what cannot be
/// known an error, what was not measured is skipped.
/// </summary>
public static class JunitReport
{
    public static void Write(IReadOnlyList<RunReport> reports, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, JunitXml.Settings);
        xml.WriteStartElement("testsuites");
        foreach (var report in reports)
        {
            WriteSuite(xml, report);
        }

        xml.WriteEndElement();
    }

    private static void WriteSuite(XmlWriter xml, RunReport report)
    {
        var cases = CasesOf(report).ToList();
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean($"chaos.{report.Experiment}"));
        JunitXml.WriteCounts(xml, cases, report.Duration);
        xml.WriteAttributeString(
            "timestamp", report.StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        WriteProperties(xml, report);
        foreach (var each in cases)
        {
            JunitXml.WriteCase(xml, $"chaos.{report.Experiment}", each);
        }

        xml.WriteElementString("system-out", Clean(string.Join('\n', TextReport.Lines(report))));
        xml.WriteEndElement();
    }

    private static void WriteProperties(XmlWriter xml, RunReport report)
    {
        xml.WriteStartElement("properties");
        foreach (var (name, value) in new[]
        {
            ("seed", report.Seed), ("repeat", report.RepeatLine), ("target", report.Target),
            ("machine", report.Machine), ("versions", report.Versions), ("exitCode", Text(report.ExitCode)),
        })
        {
            xml.WriteStartElement("property");
            xml.WriteAttributeString("name", name);
            xml.WriteAttributeString("value", Clean(value));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static IEnumerable<JunitCase> CasesOf(RunReport report) =>
    [
        .. Enum.GetValues<FindingKind>().Select(kind => Promise(report.Verdict, kind)),
        report.Verdict.Doubts.Count == 0
            ? new JunitCase("nothing is in doubt")
            : new JunitCase(
                "nothing is in doubt", "error", report.Verdict.Doubts[0], string.Join('\n', report.Verdict.Doubts)),
        .. report.Recovery.Faults.Select(Effect),
        .. report.AllThresholds.Select(threshold => Threshold(threshold)),
    ];

    private static JunitCase Promise(Verdict verdict, FindingKind kind)
    {
        var name = NameOf(kind);
        var wrong = verdict.Findings.Where(finding => finding.Kind == kind).ToList();
        return wrong.Count == 0
            ? new JunitCase(name)
            : new JunitCase(
                name, "failure", $"{wrong.Count} {ReportText.Name(kind)}. {ReportText.Meaning(kind)}",
                string.Join('\n', wrong.Take(20)));
    }

    private static JunitCase Effect(FaultRecovery fault)
    {
        var name = $"fault {fault.Fault} took effect{ReportText.Whom(fault)}";
        return fault.HappenedAt is not null && fault.Troubles.Count == 0
            ? new JunitCase(name)
            : new JunitCase(name, "error", ReportText.Outcome(fault), fault.Proof);
    }

    private static JunitCase Threshold(ThresholdResult threshold)
    {
        var name = $"{threshold.Name}: {threshold.Limit}";
        return threshold.IsMet switch
        {
            true => new JunitCase(name),
            false => new JunitCase(name, "failure", threshold.Measured),
            _ => new JunitCase(name, "skipped", threshold.Measured),
        };
    }

    private static string NameOf(FindingKind kind) => kind switch
    {
        FindingKind.Lost => "no confirmed job is lost",
        FindingKind.Stuck => "no confirmed job is stuck",
        FindingKind.Unexpected => "nothing runs that nobody enqueued",
        FindingKind.Phantom => "nothing runs that was rejected",
        FindingKind.EarlyAck => "acks come last",
        FindingKind.DuplicatedWithoutCause => "no duplicate is without cause",
        FindingKind.Unacked => "no message of a finished job is left",
        FindingKind.Corrupt => "payloads are intact",
        _ => "no dead letter that is not allowed",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
