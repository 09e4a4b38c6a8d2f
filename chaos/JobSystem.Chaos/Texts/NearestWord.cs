namespace JobSystem.Chaos.Texts;

/// <summary>What somebody may have meant who mistyped a word. Pure.</summary>
internal static class NearestWord
{
    /// <summary>Null: none is near.</summary>
    public static string? Of(string text, IEnumerable<string> words)
    {
        var nearest = words.Select(word => (Word: word, Changes: Changes(text.ToLowerInvariant(), word)))
            .OrderBy(each => each.Changes)
            .FirstOrDefault();
        return nearest.Word is { } found && nearest.Changes <= Math.Max(2, found.Length / 3) ? found : null;
    }

    /// <summary>To be put behind the wrong word; empty: none is near.</summary>
    public static string Hint(string text, IEnumerable<string> words) =>
        Of(text, words) is { } nearest ? $" (did you mean '{nearest}'?)" : "";

    /// <summary>Letters to be put in, taken out or replaced (Levenshtein), one row of the table at a time.</summary>
    private static int Changes(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
