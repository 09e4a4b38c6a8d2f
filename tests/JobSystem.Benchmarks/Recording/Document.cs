using System.Globalization;
using System.Text;
using JobSystem.Benchmarks.Goals;

namespace JobSystem.Benchmarks.Recording;

/// <summary>The record as Markdown: the goals, then the parts. Pure.</summary>
internal static class Document
{
    private const string Command = "dotnet run -c Release --project tests/JobSystem.Benchmarks -- record";

    public static string Write(IReadOnlyList<Section> sections, Circumstances circumstances)
    {
        var text = new StringBuilder($"""
            # Benchmarks

            Written by one command, which measures all of it again:

            ```
            {$"{Command} {circumstances.Arguments}".TrimEnd()}
            ```

            | | |
            | --- | --- |
            | date | {DateOf(circumstances)} |
            | versions | {circumstances.Versions} |
            | broker | {circumstances.Broker} |
            | machine | {circumstances.Machine} |


            """);
        text.Append(circumstances.IsQuick
            ? "Measured with `--quick`: fewer jobs and rounds than a record has.\n\n"
            : "");
        text.Append("""
            Contenders take turns: they warm up until the compiler has little left to do, then come the rounds, each
            begun by another one, so that a change of the machine's speed meets all of them. A figure is the median of
            its rounds, with the least and the most in brackets; ratios are taken round by round. Client, broker and
            workers share the cores of one machine.

            """);
        if (GoalCatalog.Judge(sections) is { } goals)
        {
            text.Append("\n## Goals\n\nJudged by the median unless it says each time.\n\n").Append(goals.ToMarkdown());
        }

        foreach (var section in sections)
        {
            text.Append($"\n## {section.Title}\n\n{section.How}\n");
            foreach (var (caption, table) in section.Tables)
            {
                text.Append($"\n{char.ToUpperInvariant(caption[0])}{caption[1..]}:\n\n{table.ToMarkdown()}");
            }
        }

        return text.ToString();
    }

    private static string DateOf(Circumstances circumstances) =>
        circumstances.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        + $@", measured in {circumstances.Took:m\:ss} min";
}

/// <summary>Under which it was measured.</summary>
internal sealed record Circumstances
{
    /// <summary>Of the end.</summary>
    public required DateTimeOffset Date { get; init; }

    public required TimeSpan Took { get; init; }

    /// <summary>What was asked for beyond the plain command.</summary>
    public required string Arguments { get; init; }

    public required bool IsQuick { get; init; }

    public required string Versions { get; init; }

    public required string Broker { get; init; }

    public required string Machine { get; init; }
}
