using System.CommandLine;
using JobSystem.Chaos.Undoing;
using JobSystem.Cli.Verbs;

namespace JobSystem.Chaos.Verbs;

/// <summary><c>chaos heal</c>: undoes what a run has left broken.</summary>
internal static class HealVerb
{
    private static readonly Argument<string> _folder = new("dir") { Description = "The folder of a run." };

    public static Command Create()
    {
        var verb = new Command("heal", "Undoes what a killed run has left broken.") { _folder };
        verb.SetAction(async (parsed, cancel) =>
        {
            var folder = parsed.GetValue(_folder)!;
            if (!UndoJournal.IsIn(folder))
            {
                throw new IOException($"{folder} is no folder of a run: it has no {UndoJournal.FileName}.");
            }

            var left = await Healer.HealAsync(folder, ChaosVerbs.Screen.Out.WriteLine, cancel);
            if (left.Count == 0)
            {
                ChaosVerbs.Screen.Note("Nothing is left to undo.");
            }

            return left.Count == 0 ? ChaosExitCode.Pass : ChaosExitCode.NotUndone;
        });
        return verb.WithMore("""
            The guard of a run does so by itself when its controller dies; this is for when the guard was killed, too.
            May be run at any time and again.

            Example:
              chaos heal chaos-runs/default-7
            """);
    }
}
