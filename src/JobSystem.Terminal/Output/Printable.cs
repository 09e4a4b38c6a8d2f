using System.Text;

namespace JobSystem.Terminal.Output;

/// <summary>
/// Makes text of others (errors, types, broker's words) safe for a terminal: control characters, which could move
/// the cursor or change colours, are taken out. Pure.
/// </summary>
public static class Printable
{
    /// <summary>Keeps line breaks and tabs.</summary>
    public static string Lines(string text) =>
        Without(text.TrimEnd(), static c => char.IsControl(c) && c is not ('\n' or '\t'));

    /// <summary>The first line, at most so many characters.</summary>
    public static string FirstLine(string text, int most)
    {
        var trimmed = text.Trim();
        var end = trimmed.IndexOf('\n', StringComparison.Ordinal);
        var line = Without(end < 0 ? trimmed : trimmed[..end], char.IsControl);
        return line.Length <= most ? line : line[..(most - 1)] + "…";
    }

    /// <summary>Ends with a full stop, so that another sentence can follow.</summary>
    public static string Sentence(string text) =>
        text.TrimEnd() is [.., '.' or '!' or '?'] ended ? ended : $"{text.TrimEnd()}.";

    private static string Without(string text, Func<char, bool> unwanted)
    {
        if (!text.Any(unwanted))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!unwanted(c))
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }
}
