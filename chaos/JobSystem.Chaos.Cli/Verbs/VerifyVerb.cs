using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Cli.Controls;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos verify-checker</c>: proves that the judge can fail.</summary>
internal static class VerifyVerb
{
    private const int DefaultSeed = 1;

    private static readonly Option<int?> _seed = Options.Number("--seed",
        "Seed of everything random. Default: 1.", 0, int.MaxValue);

    private static readonly Option<string[]> _only = Options.Texts("--only",
        "Run only trials of this name or kind (canary, mutant, control, twin). Repeatable.", "NAME");

    private static readonly Option<bool> _withoutBroker = Options.Flag("--without-broker",
        "Run only the trials on the embedded broker, which need nothing installed.");

    private static readonly Option<string?> _out = Options.Text("--out",
        "Folder for the folder of the trials. Default: chaos-runs.", "DIR");

    private static readonly Option<string?> _junit = Options.Text("--junit",
        "Write all results as JUnit XML.", "FILE");

    private static readonly Option<bool> _json = Options.Flag("--json", "Print JSON objects, one per line.");

    public static Command Create()
    {
        var verb = new Command("verify-checker", "Prove that the checker can fail: it must find every known defect.")
        {
            ExperimentArguments.Target, _seed, _only, _withoutBroker, _out, _junit, _json,
        };
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore("""
            Canaries are ledgers written by hand with one thing wrong. Mutants are the job system with one defect.
            Controls are clients of the broker with one setting wrong, as tutorials warn of. Each must be found guilty
            of the class that was predicted for it, and of nothing else; their twins without the defect must pass. A
            control that the broker does not allow is not applicable, never passed.

            Exit code 0: everything is as predicted. 1: the checker, a prediction or the job system is wrong. 2: not
            everything could be run.

            Examples:
              chaos verify-checker
              chaos verify-checker --without-broker --junit verify.xml
              chaos verify-checker --only ack-at-delivery --only twin
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var trials = Chosen(parsed);
        var clock = TimeProvider.System;
        var seed = parsed.GetValue(_seed) ?? DefaultSeed;
        using var signals = new StopSignals(static _ => { });
        var began = clock.GetTimestamp();
        var view = new TrialView(ChaosVerbs.Screen, parsed.GetValue(_json), trials);
        var bench = new TrialRunner(FreeFolder(parsed.GetValue(_out) ?? "chaos-runs"), seed, view, clock);
        var results = await bench.RunAsync(trials, signals.Token);
        view.Conclude(results, clock.GetElapsedTime(began));
        if (parsed.GetValue(_junit) is { } junit)
        {
            WholeFile.Write(junit, file => TrialJunit.Write(results, file));
        }

        return results.Any(result => result.End == TrialEnd.Surprise) ? ChaosExitCode.Broken
            : results.Any(result => result.End == TrialEnd.NotRun) ? ChaosExitCode.Unknown
            : ChaosExitCode.Pass;
    }

    private static List<Trial> Chosen(ParseResult parsed)
    {
        var trials = TrialCatalog.All(parsed.GetValue(ExperimentArguments.Target));
        var only = parsed.GetValue(_only) ?? [];
        if (only.FirstOrDefault(name => !trials.Any(trial => IsNamed(trial, name))) is { } unknown)
        {
            throw new UsageException($"--only: there is no trial '{unknown}'; there are " +
                $"{string.Join(", ", trials.Select(trial => trial.Name))}.");
        }

        return
        [
            .. trials
                .Where(trial => only.Length == 0 || only.Any(name => IsNamed(trial, name)))
                .Where(trial => trial.Needs != TrialNeeds.Broker || !parsed.GetValue(_withoutBroker)),
        ];
    }

    private static bool IsNamed(Trial trial, string name) =>
        trial.Name == name || name.Equals($"{trial.Kind}", StringComparison.OrdinalIgnoreCase);

    private static string FreeFolder(string root)
    {
        var number = 1;
        while (Directory.Exists(PathOf(number)))
        {
            number++;
        }

        return Directory.CreateDirectory(PathOf(number)).FullName;

        string PathOf(int each) => Path.Combine(root, $"verify-{each.ToString(CultureInfo.InvariantCulture)}");
    }
}
