using System.Text;

namespace JobSystem.Benchmarks.Recording;

/// <summary>A table that is read at a terminal and in Markdown alike: words to the left, figures to the right. Pure.
/// </summary>
/// <param name="columns">The first is of words, and so are those whose name begins with a blank.</param>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, columns.Length);
        _rows.Add(row);
    }

    public string ToText()
    {
        var widths = columns.Select((name, column) => _rows.Select(row => row[column].Length).Append(name.Length).Max())
            .ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows.Prepend(columns))
        {
            var cells = row.Select((cell, column) =>
                IsOfWords(column) ? cell.Trim().PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.AppendLine($"  {string.Join("   ", cells).TrimEnd()}");
        }

        return text.ToString();
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Line(columns.Select(name => name.Trim()));
        Line(columns.Select((_, column) => IsOfWords(column) ? "---" : "---:"));
        foreach (var row in _rows)
        {
            Line(row.Select(cell => cell.Trim().Replace("|", "\\|", StringComparison.Ordinal)));
        }

        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");
    }

    private bool IsOfWords(int column) => column == 0 || columns[column].StartsWith(' ');
}
