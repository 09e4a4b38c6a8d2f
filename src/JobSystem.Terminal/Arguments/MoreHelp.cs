using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace JobSystem.Terminal.Arguments;

/// <summary>Help texts beyond the list of options: what a verb does in detail, examples, exit codes.</summary>
public static class MoreHelp
{
    private static readonly ConditionalWeakTable<Command, string> _texts = [];

    public static Command WithMore(this Command verb, string text)
    {
        _texts.AddOrUpdate(verb, text);
        return verb;
    }

    /// <summary>Makes <c>--help</c> of every verb tell its text, too.</summary>
    /// <param name="root">Of the program.</param>
    /// <param name="exitCodes">What its exit codes mean, in one line.</param>
    public static void Install(RootCommand root, string exitCodes)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Action((HelpAction)help.Action!, exitCodes);
    }

    public static bool IsAsked(ParseResult parsed) => parsed.Action is Action;

    private sealed class Action(HelpAction standard, string exitCodes) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            standard.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (_texts.TryGetValue(parseResult.CommandResult.Command, out var text))
            {
                output.WriteLine(text);
                output.WriteLine();
            }

            output.WriteLine($"Exit codes: {exitCodes}.");
            return 0;
        }
    }
}
