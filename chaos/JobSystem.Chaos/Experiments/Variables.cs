using System.Text.RegularExpressions;

namespace JobSystem.Chaos.Experiments;

/// <summary><c>${name}</c> in the texts of an experiment.</summary>
internal static partial class Variables
{
    /// <summary>Null: a name is not known.</summary>
    public static string? Put(string text, IReadOnlyDictionary<string, string> values)
    {
        var isKnown = true;
        var put = Shape().Replace(text, match =>
        {
            isKnown &= values.TryGetValue(match.Groups["name"].Value, out var value);
            return value ?? "";
        });
        return isKnown ? put : null;
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z0-9_-]+)\}")]
    private static partial Regex Shape();
}
