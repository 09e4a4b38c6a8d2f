using System.Globalization;
using System.Text;
using System.Xml;
using JobSystem.Chaos.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Runs as JUnit XML for build servers: a suite a run, a case a property. What is wrong is a failure, what cannot be
/// known an error, what was not measured is skipped.
/// </summary>
public static class JunitReport
{
    public static void Write(IReadOnlyList<RunReport> reports, Stream stream)
    {
        var settings = new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) };
        using var xml = XmlWriter.Create(stream, settings);
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
        xml.WriteAttributeString("tests", Text(cases.Count));
        xml.WriteAttributeString("failures", Text(cases.Count(each => each.Outcome == "failure")));
        xml.WriteAttributeString("errors", Text(cases.Count(each => each.Outcome == "error")));
        xml.WriteAttributeString("skipped", Text(cases.Count(each => each.Outcome == "skipped")));
        xml.WriteAttributeString("time", report.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        xml.WriteAttributeString(
            "timestamp", report.StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        WriteProperties(xml, report);
        foreach (var each in cases)
        {
            WriteCase(xml, report.Experiment, each);
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

    private static void WriteCase(XmlWriter xml, string experiment, JunitCase test)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean($"chaos.{experiment}"));
        xml.WriteAttributeString("name", Clean(test.Name));
        xml.WriteAttributeString("time", "0");
        if (test.Outcome.Length > 0)
        {
            xml.WriteStartElement(test.Outcome);
            xml.WriteAttributeString("message", Clean(test.Message));
            xml.WriteString(Clean(test.Details));
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
        FindingKind.Corrupt => "payloads are intact",
        _ => "no dead letter that is not allowed",
    };

    /// <summary>XML has no words for control characters and halves of surrogate pairs.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (index + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[index + 1], text[index]))
            {
                clean.Append(text[index]).Append(text[++index]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[index]) ? text[index] : '\uFFFD');
            }
        }

        return clean.ToString();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Outcome">Empty (it holds), <c>failure</c>, <c>error</c> or <c>skipped</c>.</param>
    private sealed record JunitCase(string Name, string Outcome = "", string Message = "", string Details = "");
}
