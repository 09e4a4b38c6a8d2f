using System.Globalization;
using System.Text;
using System.Xml;
using JobSystem.Chaos.Verification.Texts;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>The trials as JUnit XML for build servers: a case a trial.</summary>
internal static class TrialJunit
{
    public static void Write(IReadOnlyList<TrialResult> results, Stream stream)
    {
        using var xml = XmlWriter.Create(
            stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) });
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", "chaos.verify-checker");
        xml.WriteAttributeString("tests", Text(results.Count));
        xml.WriteAttributeString("failures", Text(Count(results, TrialEnd.Surprise)));
        xml.WriteAttributeString("errors", Text(Count(results, TrialEnd.NotRun)));
        xml.WriteAttributeString("skipped", Text(Count(results, TrialEnd.NotApplicable)));
        foreach (var result in results)
        {
            WriteCase(xml, result);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, TrialResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"chaos.verify-checker.{KebabCase.Of($"{result.Trial.Kind}")}");
        xml.WriteAttributeString("name", result.Trial.Name);
        xml.WriteAttributeString("time", result.Took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        if (result.End != TrialEnd.AsPredicted)
        {
            xml.WriteStartElement(result.End switch
            {
                TrialEnd.NotApplicable => "skipped",
                TrialEnd.NotRun => "error",
                _ => "failure",
            });
            xml.WriteAttributeString("message", Printable.FirstLine(TrialView.InWords(result), 2000));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static int Count(IReadOnlyList<TrialResult> results, TrialEnd end) =>
        results.Count(result => result.End == end);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
