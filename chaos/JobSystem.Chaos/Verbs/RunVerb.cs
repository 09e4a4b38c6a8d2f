using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Processes;
using JobSystem.Cli.Verbs;

namespace JobSystem.Chaos.Verbs;

/// <summary><c>chaos run</c>: runs experiments one after another and judges each.</summary>
internal static class RunVerb
{
    private static readonly Option<string?> _out = Options.Text("--out",
        "Where the runs' folders are made. Default: chaos-runs.", "DIR");

    private static readonly Option<int?> _repeat = Options.Number("--repeat",
        "Each experiment so often, each time with the next seed. Default: 1.", 1, 100_000);

    private static readonly Option<bool> _untilFail = Options.Flag("--until-fail",
        "Repeats until a run does not pass.");

    private static readonly Option<bool> _dryRun = Options.Flag("--dry-run",
        "Only reads the files and prints the schedule.");

    private static readonly Option<string?> _junit = Options.Text("--junit",
        "Writes all results as JUnit XML.", "FILE");

    private static readonly Option<bool> _json = Options.Flag("--json", "JSON objects, one a line.");

    public static Command Create()
    {
        var verb = new Command("run", "Runs experiments and says whether the promise held.")
        {
            ExperimentArguments.Files, ExperimentArguments.Seed, ExperimentArguments.Variables,
            ExperimentArguments.Target, _out, _repeat, _untilFail, _dryRun, _junit, _json,
        };
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore("""
            FILE is an experiment: a YAML file, or the name of one that ships (chaos experiments lists them). Each run
            gets a folder: the ledger that every process writes to, what is needed to undo a fault, and report.html,
            report.json, junit.xml. The verdict comes from the ledger alone; chaos check DIR gives it again.

            Examples:
              chaos run default
              chaos run broker-restarts --target compose --seed 7
              chaos run worker-kills --repeat 20 --until-fail
              chaos run my.yaml --var jobs=50000 --out /tmp/runs --json
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.GetValue(_dryRun))
        {
            return PlanVerb.Print(parsed);
        }

        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(static _ => { });
        _ = signals.First.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        var reports = new List<RunReport>();
        var times = parsed.GetValue(_repeat) ?? (parsed.GetValue(_untilFail) ? int.MaxValue : 1);
        var seed = ExperimentArguments.SeedOf(parsed);
        for (var time = 0; time < times && !stop.IsCancellationRequested; time++)
        {
            foreach (var experiment in ExperimentArguments.Read(parsed))
            {
                reports.Add(await RunAsync(parsed, experiment, unchecked(seed + time), stop.Token));
            }

            if (parsed.GetValue(_untilFail) && reports[^1].ExitCode != ChaosExitCode.Pass)
            {
                break;
            }
        }

        WriteJunit(reports, parsed.GetValue(_junit));
        return reports.Select(report => report.ExitCode).MaxBy(ChaosExitCode.Severity);
    }

    private static async Task<RunReport> RunAsync(
        ParseResult parsed, Experiment experiment, int seed, CancellationToken stop)
    {
        var root = parsed.GetValue(_out) ?? "chaos-runs";
        var folder = RunFolder.Create(FreeFolder(root, $"{experiment.Name}-{seed}"));
        var repeat = $"chaos run {ExperimentArguments.Spell(parsed, experiment)} --seed {seed}";
        using var view = Views.RunView.For(ChaosVerbs.Screen, parsed.GetValue(_json), TimeProvider.System);
        view.Tell($"{experiment.Name} on {Secrets.Hide(experiment.Target)}, seed {seed}, folder {folder.Path}");
        var report = await Laboratory.RunAsync(experiment, seed, folder, repeat, view, stop);
        view.Conclude(report);
        return report;
    }

    private static string FreeFolder(string root, string name)
    {
        var path = Path.Combine(root, name);
        for (var number = 2; Directory.Exists(path); number++)
        {
            path = Path.Combine(root, $"{name}-{number.ToString(CultureInfo.InvariantCulture)}");
        }

        return path;
    }

    private static void WriteJunit(List<RunReport> reports, string? file)
    {
        if (file is not null)
        {
            using var stream = File.Create(file);
            JunitReport.Write(reports, stream);
        }
    }
}
