using System.CommandLine;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos show</c>: the ledger of a run, or one job's part of it; or an experiment with all its settings.
/// </summary>
internal static class ShowVerb
{
    private static readonly Argument<string> _subject = new("dir-or-experiment")
    {
        Description = "The folder of a run; or an experiment: a YAML file, or the name of one that ships.",
    };

    private static readonly Option<string?> _job = Options.Text("--job",
        "Print only the life of this job: its id, or the id without its run.", "ID");

    public static Command Create()
    {
        var verb = new Command("show", "Print the ledger of a run, the life of a job, or a whole experiment.")
        {
            _subject, _job, ExperimentArguments.Variables,
        };
        verb.SetAction(parsed => Directory.Exists(parsed.GetValue(_subject))
            ? ShowRun(parsed)
            : ShowExperiment(ExperimentCatalog.Read(
                parsed.GetValue(_subject)!, ExperimentArguments.VariablesOf(parsed))));
        return verb.WithMore("""
            For a run: the events of its ledger, one per line, with the time since the run began. The files of all
            processes are merged by the machine's clock. For an experiment: every setting with its value, its default
            and what is allowed, its faults and its thresholds, whether or not its file sets them.

            Examples:
              chaos show chaos-runs/default-7 --job producer-1.1-000017
              chaos show chaos-runs/default-7 | grep Fault
              chaos show broker-restarts --var rate=500
            """);
    }

    private static int ShowRun(ParseResult parsed)
    {
        var ledger = new LedgerFolder(RunFolder.Open(parsed.GetValue(_subject)!).Ledger);
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
    }

    private static int ShowExperiment(Experiment experiment)
    {
        var settings = new Table("SETTING", "VALUE", "DEFAULT", "ALLOWED");
        foreach (var row in SettingSheet.Rows.Where(row => row.Path != "vars"))
        {
            settings.Add(row.Path, Known(row.ValueOf(experiment)), Known(row.Default), row.Allowed);
        }

        settings.Write(ChaosVerbs.Screen);
        ChaosVerbs.Screen.Out.WriteLine("");
        var faults = new Table("FAULT", "SETTING", "VALUE", "DEFAULT", "ALLOWED");
        foreach (var row in FaultRows(experiment))
        {
            faults.Add(row);
        }

        faults.Write(ChaosVerbs.Screen);
        return ChaosExitCode.Pass;
    }

    /// <summary>Every setting of every fault, whether the file says it or not.</summary>
    internal static IEnumerable<string[]> FaultRows(Experiment experiment)
    {
        foreach (var plan in experiment.Faults)
        {
            var usual = new FaultPlan { Fault = plan.Fault };
            yield return [plan.Fault, "at", Of(plan.At), Of(usual.At), "a duration"];
            yield return [plan.Fault, "times", $"{plan.Times}", $"{usual.Times}", "a whole number"];
            yield return [plan.Fault, "every", Of(plan.Every), Of(usual.Every), "a duration"];
            yield return [plan.Fault, "jitter", Of(plan.Jitter), Of(usual.Jitter), "a duration"];
            foreach (var row in SettingRows(plan, plan.Fault))
            {
                yield return row;
            }
        }

        foreach (var plan in experiment.Nemesis?.Faults ?? [])
        {
            yield return [$"{plan.Fault} (by chance)", "-", "-", "-", "-"];
            foreach (var row in SettingRows(plan, $"{plan.Fault} (by chance)"))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<string[]> SettingRows(FaultPlan plan, string name) =>
        FaultCatalog.Find(plan.Fault)!.Settings.Select(setting => (string[])
        [
            name, setting.Name, plan.Settings.GetValueOrDefault(setting.Name, setting.Default), setting.Default,
            setting.Type.Expected,
        ]);

    /// <summary>No cell is empty, so that tools for columns can read them.</summary>
    private static string Known(string value) => value.Length > 0 ? value : "-";

    private static string Of(TimeSpan time) => DurationText.Format(time);

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
        : EventText.Of(happened);
}
