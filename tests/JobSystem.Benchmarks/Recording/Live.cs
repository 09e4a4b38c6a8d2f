using System.Diagnostics;
using System.Text;
using JobSystem.Terminal.Output;

namespace JobSystem.Benchmarks.Recording;

/// <summary>
/// What a person sees while it is measured: at a terminal one line that is written over again, elsewhere a line for
/// each part. Tables go to standard output.
/// </summary>
internal sealed class Live(Screen screen)
{
    private const int Width = 110;
    private readonly long _start = Stopwatch.GetTimestamp();
    private string _part = "";

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Begin(string part, int number, int of)
    {
        _part = $"[{number} of {of}] {part}";
        if (!screen.IsErrorTerminal)
        {
            Note(_part);
        }
    }

    public void Step(string what)
    {
        if (screen.IsErrorTerminal)
        {
            var line = $"{Clock}  {_part}: {what}";
            screen.Error.Write(Encoding.UTF8.GetBytes($"\r\e[K{(line.Length > Width ? line[..Width] : line)}"));
        }
    }

    /// <summary>A line beside the tables that stays.</summary>
    public void Note(string text)
    {
        Clear();
        screen.Note($"{Clock}  {text}");
    }

    /// <summary>Something to keep: a table, a sentence.</summary>
    public void Print(string text)
    {
        Clear();
        screen.Out.WriteLine(text);
    }

    /// <summary>Takes the line away that is written over.</summary>
    public void Clear()
    {
        if (screen.IsErrorTerminal)
        {
            screen.Error.Write("\r\e[K"u8);
        }
    }

    private string Clock => $@"{Elapsed:m\:ss}";
}
