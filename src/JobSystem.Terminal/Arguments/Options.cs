using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace JobSystem.Terminal.Arguments;

/// <summary>
/// Makes options whose errors are one clear line: what was given, for which option, what is expected.
/// </summary>
public static class Options
{
    public static Option<TimeSpan?> Duration(string name, string help, TimeSpan? longest = null, bool orNone = false) =>
        new(name)
        {
            Description = help,
            HelpName = "T",
            CustomParser = result => ParseDuration(result, name, longest ?? DurationText.LongestTimer, orNone),
        };

    public static Option<int?> Number(string name, string help, int least, int most, string helpName = "N") =>
        new(name)
        {
            Description = help,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most)
                {
                    return number;
                }

                result.AddError($"{name}: '{text}' is not a whole number from {least} to {most}.");
                return null;
            },
        };

    public static Option<string?> Text(string name, string help, string helpName) =>
        new(name) { Description = help, HelpName = helpName };

    public static Option<string[]> Texts(string name, string help, string helpName) =>
        new(name) { Description = help, HelpName = helpName, Arity = ArgumentArity.OneOrMore };

    public static Option<bool> Flag(string name, string help, params string[] aliases) =>
        new(name, aliases) { Description = help };

    private static TimeSpan? ParseDuration(ArgumentResult result, string name, TimeSpan longest, bool orNone)
    {
        var text = result.Tokens[^1].Value;
        if (orNone && text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            result.AddError($"{name}: '{text}' is not {DurationText.Expected}{(orNone ? ", or none" : "")}.");
            return null;
        }

        if (duration > longest)
        {
            result.AddError($"{name}: '{text}' is longer than {longest.TotalDays} days.");
            return null;
        }

        return duration;
    }
}
