using System.CommandLine;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos check</c>: judges a run again from its folder.</summary>
internal static class CheckVerb
{
    private static readonly Argument<string> _folder = new("dir") { Description = "The folder of a run." };

    public static Command Create()
    {
        var verb = new Command("check", "Judge a run again from its ledger alone.") { _folder };
        verb.SetAction(parsed =>
        {
            var folder = RunFolder.Open(parsed.GetValue(_folder)!);
            var report = RunChecker.Judge(folder);
            ExperimentRunner.Write(report, folder);
            TextReport.Write(report, ChaosVerbs.Screen);
            ChaosVerbs.Screen.Out.WriteLine($"  report: {folder.File(ExperimentRunner.Page)}");
            return report.ExitCode;
        });
        return verb.WithMore("""
            Also works for a run whose controller died: what is missing then is unknown, never passed. Rewrites the
            reports.

            Example:
              chaos check chaos-runs/default-7
            """);
    }
}
