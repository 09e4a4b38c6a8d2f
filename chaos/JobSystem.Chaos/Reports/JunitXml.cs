using System.Globalization;
using System.Text;
using System.Xml;

namespace JobSystem.Chaos.Reports;

/// <summary>One thing that holds or does not.</summary>
/// <param name="Name">What holds, as a sentence.</param>
/// <param name="Outcome">Empty (it holds), <c>failure</c>, <c>error</c> or <c>skipped</c>.</param>
/// <param name="Message">Why not, in a line.</param>
/// <param name="Details">More of it.</param>
internal sealed record JunitCase(string Name, string Outcome = "", string Message = "", string Details = "");

/// <summary>JUnit XML in the form that build servers agree on, whatever is tested.</summary>
internal static class JunitXml
{
    public static XmlWriterSettings Settings { get; } = new() { Indent = true, Encoding = new UTF8Encoding(false) };

    /// <summary>One suite.</summary>
    /// <param name="name">Of the suite.</param>
    /// <param name="took">All of it.</param>
    /// <param name="cases">Its cases.</param>
    /// <param name="output">What a person would have read.</param>
    /// <param name="stream">Gets it.</param>
    public static void Write(
        string name, TimeSpan took, IReadOnlyList<JunitCase> cases, string output, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, Settings);
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(name));
        WriteCounts(xml, cases, took);
        foreach (var each in cases)
        {
            WriteCase(xml, name, each);
        }

        xml.WriteElementString("system-out", Clean(output));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    public static void WriteCounts(XmlWriter xml, IReadOnlyList<JunitCase> cases, TimeSpan took)
    {
        xml.WriteAttributeString("tests", Text(cases.Count));
        xml.WriteAttributeString("failures", Text(cases.Count(each => each.Outcome == "failure")));
        xml.WriteAttributeString("errors", Text(cases.Count(each => each.Outcome == "error")));
        xml.WriteAttributeString("skipped", Text(cases.Count(each => each.Outcome == "skipped")));
        xml.WriteAttributeString("time", took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
    }

    public static void WriteCase(XmlWriter xml, string suite, JunitCase test)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(suite));
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

    /// <summary>XML has no words for control characters and halves of surrogate pairs.</summary>
    public static string Clean(string text)
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
}
