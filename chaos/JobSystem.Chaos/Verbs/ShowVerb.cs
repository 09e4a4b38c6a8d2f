using System.CommandLine;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Ledgers;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Cli;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Output;
using JobSystem.Cli.Verbs;

namespace JobSystem.Chaos.Verbs;

/// <summary><c>chaos show</c>: what the ledger of a run says, of one job or of all.</summary>
internal static class ShowVerb
{
    private static readonly Argument<string> _folder = new("dir") { Description = "The folder of a run." };

    private static readonly Option<string?> _job = Options.Text("--job",
        "Only the life of this job: its id, or how it begins.", "ID");

    public static Command Create()
    {
        var verb = new Command("show", "Prints the ledger of a run, or the life of one job.") { _folder, _job };
        verb.SetAction(parsed =>
        {
            var ledger = new LedgerFolder(RunFolder.Open(parsed.GetValue(_folder)!).Ledger);
            var job = parsed.GetValue(_job);
            var count = 0;
            foreach (var line in Lines(ledger, job))
            {
                ChaosVerbs.Screen.Out.WriteLine(line);
                count++;
            }

            return count > 0 || job is null
                ? ChaosExitCode.Pass
                : throw new UsageException($"--job: the ledger knows no job '{job}'.");
        });
        return verb.WithMore("""
            Times are since the run began. The files of all processes are merged by the machine's clock.

            Examples:
              chaos show chaos-runs/default-7 --job producer-1.1-000017
              chaos show chaos-runs/default-7 | grep Fault
            """);
    }

    /// <param name="history">In its order.</param>
    /// <param name="job">Of this one only; null: of all, and what is of no job.</param>
    internal static IEnumerable<string> Lines(IEnumerable<HistoryEntry> history, string? job) => history
        .Where(entry => job is null || (entry.Event is HistoryEvent.OfJob of && IsOf(of.Job, job)))
        .Select(entry => $"{StageText.At(entry.At),12}  {Printable.FirstLine(Words(entry.Event), 1000)}");

    /// <summary>The run's part of an id may be left out.</summary>
    private static bool IsOf(JobId job, string wanted) => job.Value == wanted
        || job.Value.StartsWith($"{wanted}@", StringComparison.Ordinal);

    private static string Words(HistoryEvent happened) => happened is HistoryEvent.OfJob { Job: var job }
        ? $"{job}: {EventText.Of(happened)}"
        : $"{happened}";
}
