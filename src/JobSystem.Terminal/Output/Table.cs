using System.Text;

namespace JobSystem.Terminal.Output;

/// <summary>
/// Rows in aligned columns: with a bold head at a terminal, cut to its width; as they are in a pipe, so that tools
/// for lines and columns can read them.
/// </summary>
public sealed class Table(params string[] columns)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] row) => _rows.Add([.. row.Select(cell => Printable.FirstLine(cell, 400))]);

    public void Write(Screen screen)
    {
        var width = screen.IsOutTerminal ? Math.Max(40, Console.WindowWidth) : int.MaxValue;
        var bold = screen.IsOutTerminal && screen.Colours;
        foreach (var (line, isHead) in Lines(width))
        {
            screen.Out.WriteLine(isHead && bold ? $"\e[1m{line}\e[0m" : line);
        }
    }

    /// <summary>The head and the rows, each at most so many characters.</summary>
    public IEnumerable<(string Line, bool IsHead)> Lines(int width)
    {
        var widths = columns.Select((name, column) =>
            _rows.Select(row => row[column].Length).Append(name.Length).Max()).ToArray();
        yield return (Line(columns, widths, width), true);
        foreach (var row in _rows)
        {
            yield return (Line(row, widths, width), false);
        }
    }

    private static string Line(string[] cells, int[] widths, int width)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Length; column++)
        {
            line.Append(column == 0 ? "" : Gap).Append(cells[column].PadRight(widths[column]));
        }

        return Printable.FirstLine(line.ToString(), width);
    }
}
