using Microsoft.Extensions.Logging;

namespace JobSystem.Terminal.Output;

/// <summary>What the process knows of its terminal: whether a person reads, and whether colours are wanted.</summary>
public sealed record Screen(LineWriter Out, LineWriter Error, bool IsOutTerminal, bool IsErrorTerminal, bool Colours)
{
    /// <summary>Who speaks, before each problem.</summary>
    public required string Program { get; init; }

    /// <summary>This process' own. Colours only where nobody asked for none (NO_COLOR) and the terminal can.</summary>
    /// <param name="program">Who speaks.</param>
    public static Screen Detect(string program) => new(
        LineWriter.Out, LineWriter.Error,
        StandardDescriptors.IsOutputOpen && !Console.IsOutputRedirected,
        StandardDescriptors.IsErrorOpen && !Console.IsErrorRedirected,
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"))
    {
        Program = program,
    };

    public ConsoleLog OpenLog(LogLevel least, bool json) =>
        new(new LogStyle(least, json, Colours && IsErrorTerminal), Error, TimeProvider.System);

    /// <summary>One line for a person beside the output proper.</summary>
    public void Note(string text) => Error.WriteLine(Printable.FirstLine(text, 2000));

    /// <summary>One line for a person about what went wrong.</summary>
    public void Problem(string text)
    {
        var line = Printable.Lines(text).Replace('\n', ' ');
        Error.WriteLine(Colours && IsErrorTerminal ? $"\e[31m{Program}:\e[0m {line}" : $"{Program}: {line}");
    }
}
