using System.CommandLine;
using System.CommandLine.Parsing;

namespace JobSystem.Terminal.Arguments;

/// <summary>What is wrong with a command line, as one line. Pure.</summary>
public static class ParseProblem
{
    /// <summary>Null: nothing. May quote what the user typed, passwords too.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="verbOfBytes">The verb whose arguments are bytes and may be anything; null: all are text.</param>
    public static string? Of(ParseResult parsed, string? verbOfBytes = null)
    {
        var verb = parsed.CommandResult.Command;
        if (UnknownOption(parsed) is { } option)
        {
            return $"Unknown option '{option}'. What begins with '-' and is no option comes after '--'.";
        }

        if (NotText(parsed, verbOfBytes) is { } problem)
        {
            return problem;
        }

        if (verb.Subcommands.Count > 0 && parsed.Errors.Count > 0)
        {
            var given = parsed.UnmatchedTokens is [var first, ..] ? $"There is no '{first}'" : "A verb is missing";
            var verbs = verb.Subcommands.Where(static each => !each.Hidden).Select(static each => each.Name);
            return $"{given}: give one of {string.Join(", ", verbs)}.";
        }

        return parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
    }

    /// <summary>
    /// An argument that looks like an option is a mistyped one: it must not become a job's body. What stands after
    /// '--' is no option, however it is spelled; so words are told apart by their place, not by their letters.
    /// </summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        var values = new HashSet<Token>(ReferenceEqualityComparer.Instance);
        for (var verb = parsed.CommandResult; verb is not null; verb = verb.Parent as CommandResult)
        {
            values.UnionWith(verb.Children.OfType<OptionResult>().SelectMany(static option => option.Tokens));
        }

        return parsed.Tokens
            .TakeWhile(static token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && !values.Contains(token))
            .Select(static token => token.Value)
            .FirstOrDefault(static word => word.Length > 1 && word[0] == '-');
    }

    /// <summary>An argument that is not UTF-8 would be changed on its way.</summary>
    private static string? NotText(ParseResult parsed, string? verbOfBytes)
    {
        var bytes = parsed.CommandResult.Command is var verb && verb.Name == verbOfBytes
            ? verb.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            : [];
        var word = parsed.Tokens
            .Except(bytes, ReferenceEqualityComparer.Instance)
            .OfType<Token>()
            .FirstOrDefault(static token => RawArguments.AreBytes(token.Value));
        return word is null ? null : $"The argument '{RawArguments.Show(word.Value)}' is not UTF-8.";
    }
}
