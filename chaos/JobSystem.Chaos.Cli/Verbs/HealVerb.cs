using System.CommandLine;
using JobSystem.Chaos.Reverting;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos heal</c>: undoes what a run has left broken.</summary>
internal static class HealVerb
{
    private static readonly Argument<string> _folder = new("dir") { Description = "The folder of a run." };

    public static Command Create()
    {
        var verb = new Command("heal", "Revert what a killed run has left broken.") { _folder };
        verb.SetAction(async (parsed, cancel) =>
        {
            var folder = parsed.GetValue(_folder)!;
            if (!RevertJournal.IsIn(folder))
            {
                throw new IOException($"{folder} is not the folder of a run: it has no {RevertJournal.FileName}.");
            }

            var left = await Healer.HealAsync(folder, ChaosVerbs.Screen.Out.WriteLine, cancel);
            if (left.Count == 0)
            {
                ChaosVerbs.Screen.Note("Nothing is left to revert.");
            }

            return left.Count == 0 ? ChaosExitCode.Pass : ChaosExitCode.NotReverted;
        });
        return verb.WithMore("""
            A run's guard does this by itself when the controller dies. This is for when the guard was killed, too.
            It is safe at any time and may be repeated.

            Example:
              chaos heal chaos-runs/default-7
            """);
    }
}
