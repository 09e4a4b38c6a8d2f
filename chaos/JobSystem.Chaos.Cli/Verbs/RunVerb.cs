using System.CommandLine;
using JobSystem.Chaos.Reports;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos run</c>: runs experiments one after another and judges each.</summary>
internal static class RunVerb
{
    private static readonly Option<int?> _repeat = Options.Number("--repeat",
        "Number of runs of each experiment, each with the next seed. Default: 1.", 1, 100_000);

    private static readonly Option<bool> _untilFail = Options.Flag("--until-fail",
        "Repeat until a run does not pass.");

    private static readonly Option<bool> _dryRun = Options.Flag("--dry-run",
        "Check the files and print the schedule, without running anything.");

    public static Command Create()
    {
        var verb = new Command("run", "Run experiments and report whether a confirmed job was lost.")
        {
            ExperimentArguments.Files, ExperimentArguments.Seed, ExperimentArguments.Variables,
            ExperimentArguments.Target, Launch.Out, _repeat, _untilFail, _dryRun, Launch.Junit, Launch.Json,
        };
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore("""
            FILE is an experiment: a YAML file, or the name of one that ships (chaos experiments lists them). Each run
            gets a folder with the ledger that every process writes to, what is needed to revert faults, report.html,
            report.json, junit.xml, and the logs of all processes. Several runs also get an index page,
            runs-SEED.html. The verdict comes from the ledger alone; chaos check DIR gives it again.

            A dead letter fails a run unless expect.dead-letters allows its reason: any, attempts-exhausted, timed-out,
            not-retryable, unknown-type or worker-lost. A process that ends by itself is a missed threshold. A fault
            that finds nothing to hit is noted as not tried. If no fault of a kind took effect, the verdict is
            unknown.

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

        using var signals = new StopSignals(static _ => { });
        var runs = new List<(RunReport Report, string Folder)>();
        var times = parsed.GetValue(_repeat) ?? (parsed.GetValue(_untilFail) ? int.MaxValue : 1);
        var seed = ExperimentArguments.SeedOf(parsed);
        for (var time = 0; time < times && !signals.Token.IsCancellationRequested; time++)
        {
            foreach (var (file, experiment) in ExperimentArguments.Read(parsed))
            {
                var line = $"run {ExperimentArguments.Spell(parsed, file)}";
                runs.Add(await Launch.RunAsync(parsed, experiment, unchecked(seed + time), line, signals.Token));
            }

            if (parsed.GetValue(_untilFail) && runs[^1].Report.ExitCode != ChaosExitCode.Pass)
            {
                break;
            }
        }

        if (runs.Count > 1)
        {
            Launch.WriteIndex(parsed, runs, Spell(parsed, seed));
        }

        Launch.WriteJunit(parsed, [.. runs.Select(run => run.Report)]);
        return runs.Select(run => run.Report.ExitCode).MaxBy(ChaosExitCode.Severity);
    }

    /// <summary>The whole command, with its seed.</summary>
    private static string Spell(ParseResult parsed, int seed)
    {
        var files = ExperimentArguments.Spell(parsed, string.Join(' ', parsed.GetValue(ExperimentArguments.Files)!));
        var repeat = parsed.GetValue(_repeat) is { } times ? $" --repeat {times}" : "";
        return $"chaos run {files} --seed {seed}{repeat}{(parsed.GetValue(_untilFail) ? " --until-fail" : "")}";
    }
}
