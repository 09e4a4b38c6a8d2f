using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// Writes a page. What stands in the code is markup; whatever is put in between is text of others and is escaped, so a
/// page cannot be broken by a job's id or a broker's words: <c>page.Add($"&lt;td&gt;{job}&lt;/td&gt;")</c>.
/// </summary>
internal sealed class HtmlWriter(TextWriter text)
{
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => _ = markup;

    /// <summary>Our own files only: style and script.</summary>
    public void AddVerbatim(string markup) => text.Write(markup);

    /// <summary>Safe in text and in quoted attributes; nothing that moves the cursor or turns the writing.</summary>
    public static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length + 16);
        foreach (var each in value)
        {
            escaped.Append(each switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ => null,
            });
            if (each is not ('<' or '>' or '&' or '"' or '\''))
            {
                escaped.Append(IsHarmless(each) ? each : '\uFFFD');
            }
        }

        return escaped.ToString();
    }

    private static bool IsHarmless(char each) =>
        each is '\n' or '\t'
        || (!char.IsControl(each) && each is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')));

    /// <summary>An interpolated string whose holes are escaped.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup(int literalLength, int formattedCount, HtmlWriter html)
    {
        /// <summary>What the compiler knows of the string; the page needs none of it.</summary>
        public int Size { get; } = literalLength + formattedCount;

        public void AppendLiteral(string markup) => html.AddVerbatim(markup);

        public void AppendFormatted(string? value) => html.AddVerbatim(Escape(value ?? ""));

        public void AppendFormatted(int value) => AppendFormatted(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double value) =>
            AppendFormatted(value.ToString("0.######", CultureInfo.InvariantCulture));
    }
}
