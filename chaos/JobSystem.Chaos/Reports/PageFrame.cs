using System.Text;

namespace JobSystem.Chaos.Reports;

/// <summary>What every page of ours has in common that is not a run's report: one file that needs nothing but itself,
/// with the report's style.</summary>
internal static class PageFrame
{
    /// <param name="title">Of the window.</param>
    /// <param name="body">Writes what is between head and end.</param>
    /// <param name="stream">Gets the page.</param>
    /// <param name="data">The name of the JSON file beside it; null: there is none.</param>
    public static void Write(string title, Action<HtmlWriter> body, Stream stream, string? data = null)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var page = new HtmlWriter(text);
        page.Add($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Add($"<title>{title}</title>\n<style>\n");
        page.AddVerbatim(HtmlReport.Own("report.css"));
        page.Add($"</style></head>\n<body>\n");
        body(page);
        page.Add($"<footer>This page needs no other file.");
        if (data is not null)
        {
            page.Add($" The same data as JSON: <a href=\"{data}\">{data}</a>.");
        }

        page.Add($"</footer>\n</body></html>\n");
    }

    /// <summary>A path from a page's folder as a link in it, whatever the names are made of.</summary>
    public static string LinkTo(string from, string path) => string.Join('/', Path.GetRelativePath(from, path)
        .Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));

    /// <summary>The answer, large, and the facts below it.</summary>
    /// <param name="page">Gets it.</param>
    /// <param name="exitCode">Of the verb: chooses the colour.</param>
    /// <param name="word">The answer in a word.</param>
    /// <param name="title">What this is.</param>
    /// <param name="headline">The answer in a sentence.</param>
    /// <param name="repeat">The command that does the same again.</param>
    /// <param name="facts">Empty ones are left out.</param>
    public static void Banner(
        HtmlWriter page, int exitCode, string word, string title, string headline, string repeat,
        params IEnumerable<(string Name, string Value)> facts)
    {
        var kind = exitCode switch
        {
            ChaosExitCode.Pass => "pass",
            ChaosExitCode.Broken => "fail",
            _ => "doubt",
        };
        page.Add($"<header class=\"banner {kind}\"><p class=\"word\">{word}</p>\n<h1>{title}</h1>\n");
        page.Add($"<p class=\"headline\">{headline}</p>\n<dl class=\"facts\">\n");
        foreach (var (name, value) in facts.Where(fact => fact.Value.Length > 0))
        {
            page.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");
        }

        page.Add($"</dl>\n<p class=\"small soft\">Do the same again:</p>\n");
        page.Add($"<div class=\"repeat\"><code>{repeat}</code></div>\n</header>\n");
    }

    /// <param name="page">Gets it.</param>
    /// <param name="columns">Their heads.</param>
    /// <param name="words">How many columns at the end hold words; the others hold figures.</param>
    /// <param name="rows">A cell a column, the style of the first that holds words (<c>missed</c>), and where the last
    /// one leads; null: nowhere.</param>
    public static void Table(
        HtmlWriter page, IReadOnlyList<string> columns, int words,
        IEnumerable<(string Style, IReadOnlyList<string> Cells, string? Link)> rows)
    {
        page.Add($"<div class=\"scroll cards\"><table>\n<tr>");
        for (var index = 0; index < columns.Count; index++)
        {
            page.Add($"<th class=\"{(index < columns.Count - words ? "n" : "")}\">{columns[index]}</th>");
        }

        page.Add($"</tr>\n");
        foreach (var (style, cells, link) in rows)
        {
            page.Add($"<tr>");
            for (var index = 0; index < cells.Count; index++)
            {
                var ofWords = index - (columns.Count - words);
                page.Add($"<td class=\"{(ofWords < 0 ? "n" : ofWords == 0 ? $"words {style}" : "words")}\" ");
                page.Add($"data-of=\"{columns[index]}\">");
                if (link is not null && index == cells.Count - 1)
                {
                    page.Add($"<a href=\"{link}\">{cells[index]}</a>");
                }
                else
                {
                    page.Add($"{cells[index]}");
                }

                page.Add($"</td>");
            }

            page.Add($"</tr>\n");
        }

        page.Add($"</table></div>\n");
    }
}
