using System.CommandLine;
using System.CommandLine.Parsing;

namespace JobSystem.Cli.Arguments;

/// <summary>What is wrong with a command line, as one line. Pure.</summary>
internal static class ParseProblem
{
    /// <summary>Null: nothing. May quote what the user typed, passwords too.</summary>
    public static string? Of(ParseResult parsed)
    {
        var verb = parsed.CommandResult.Command;
        if (UnknownOption(parsed) is { } option)
        {
            return $"Unknown option '{option}'. What begins with '-' and is no option comes after '--'.";
        }

        if (verb.Subcommands.Count > 0 && parsed.Errors.Count > 0)
        {
            var given = parsed.UnmatchedTokens is [var first, ..] ? $"There is no '{first}'" : "A verb is missing";
            var verbs = verb.Subcommands.Where(static each => !each.Hidden).Select(static each => each.Name);
            return $"{given}: give one of {string.Join(", ", verbs)}.";
        }

        return parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
    }

    /// <summary>An argument that looks like an option is a mistyped one: it must not become a job's body.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        var arguments = parsed.CommandResult.Command.Arguments
            .SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .ToHashSet(StringComparer.Ordinal);
        return parsed.Tokens
            .TakeWhile(static token => token.Type != TokenType.DoubleDash)
            .Select(static token => token.Value)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && arguments.Contains(word));
    }
}
