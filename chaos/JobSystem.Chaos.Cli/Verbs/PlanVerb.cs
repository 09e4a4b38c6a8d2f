using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Experiments;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos plan</c>: what a seed breaks, and when; nothing is run.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var verb = new Command("plan", "Print the schedule of the faults.")
        {
            ExperimentArguments.Files, ExperimentArguments.Seed, ExperimentArguments.Variables,
            ExperimentArguments.Target,
        };
        verb.SetAction(Print);
        return verb.WithMore("""
            The victim of a fault is drawn when the fault is due, among the processes alive then, from the seed.

            Examples:
              chaos plan default --seed 7
              chaos plan my.yaml --var jobs=50000 --seed 1
            """);
    }

    public static int Print(ParseResult parsed)
    {
        var seed = ExperimentArguments.SeedOf(parsed);
        foreach (var (_, experiment) in ExperimentArguments.Read(parsed))
        {
            var screen = ChaosVerbs.Screen;
            screen.Note($"{experiment.Name} on {Secrets.Hide(experiment.Target)}, seed {seed}: {experiment.About}");
            var table = new Table("NUMBER", "AT", "FAULT", "SETTINGS", "DRAWS FROM");
            var schedule = Schedule.Of(experiment, seed);
            foreach (var each in schedule)
            {
                table.Add(
                    $"{each.Number}",
                    string.Create(CultureInfo.InvariantCulture, $"{each.At.TotalSeconds:0.000} s"),
                    each.Plan.Fault,
                    string.Join(" ", each.Plan.Settings.Select(setting => $"{setting.Key}={setting.Value}")),
                    $"{each.Seed}");
            }

            table.Write(screen);
            if (Schedule.AfterTheLoad(experiment, schedule) is { } late)
            {
                screen.Note(late);
            }
        }

        return ChaosExitCode.Pass;
    }
}
