using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Cli.Output;

/// <summary>Asks a person before something is lost for good.</summary>
internal static class Confirmation
{
    /// <param name="screen">Where the question goes.</param>
    /// <param name="yes">It was answered on the command line.</param>
    /// <param name="question">Ends with a question mark.</param>
    /// <exception cref="UsageException">Nobody is there to be asked.</exception>
    public static bool Ask(Screen screen, bool yes, string question)
    {
        if (yes)
        {
            return true;
        }

        if (!StandardDescriptors.IsInputOpen || Console.IsInputRedirected || !screen.IsErrorTerminal)
        {
            throw new UsageException($"{question} Nobody is here to be asked: pass --yes.");
        }

        screen.Error.Write(System.Text.Encoding.UTF8.GetBytes($"{question} [y/N] "));
        var agreed = Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
        if (!agreed)
        {
            screen.Problem("Nothing was changed.");
        }

        return agreed;
    }
}
