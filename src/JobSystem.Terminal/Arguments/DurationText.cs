using System.Globalization;
using System.Text.RegularExpressions;

namespace JobSystem.Terminal.Arguments;

/// <summary>
/// Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a plain number is
/// seconds; decimals are allowed. Pure.
/// </summary>
public static partial class DurationText
{
    public const string Expected = "a duration such as 500ms, 10s, 5m, 2h or 1d (a plain number is seconds)";

    /// <summary>Longer ones are mistakes: ten years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>The longest a timer of the runtime can wait, rounded down.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Shape().Match(text.Trim());
        if (!match.Success)
        {
            return false;
        }

        var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        var milliseconds = number * match.Groups["unit"].Value.ToLowerInvariant() switch
        {
            "ms" => 1,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => 1000,
        };
        if (milliseconds > Longest.TotalMilliseconds)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>The shortest of these words that says it: <c>1.5 s</c>, <c>3 min</c>.</summary>
    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalMilliseconds: < 1000 } => Say(duration.TotalMilliseconds, "0", "ms"),
        { TotalSeconds: < 120 } => Say(duration.TotalSeconds, "0.#", "s"),
        { TotalMinutes: < 120 } => Say(duration.TotalMinutes, "0.#", "min"),
        { TotalHours: < 48 } => Say(duration.TotalHours, "0.#", "h"),
        _ => Say(duration.TotalDays, "0.#", "d"),
    };

    private static string Say(double number, string format, string unit) =>
        $"{number.ToString(format, CultureInfo.InvariantCulture)} {unit}";

    [GeneratedRegex(@"^(?<number>\d{1,12}(\.\d{1,9})?)\s*(?<unit>ms|s|m|h|d)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Shape();
}
