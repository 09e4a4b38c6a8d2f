using System.CommandLine;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Cli.Output;
using JobSystem.Cli.Verbs;

namespace JobSystem.Chaos.Verbs;

/// <summary><c>chaos experiments</c> and <c>chaos faults</c>: what there is to choose from.</summary>
internal static class ListVerbs
{
    public static Command Experiments()
    {
        var verb = new Command("experiments", "Lists the experiments that ship.");
        verb.SetAction(_ =>
        {
            var table = new Table("NAME", "TARGET", "ABOUT");
            foreach (var experiment in ExperimentShelf.All)
            {
                table.Add(experiment.Name, experiment.Target, experiment.About);
            }

            table.Write(ChaosVerbs.Screen);
            return ChaosExitCode.Pass;
        });
        return verb.WithMore("Run one: chaos run NAME.");
    }

    public static Command Faults()
    {
        var verb = new Command("faults", "Lists the kinds of faults with their settings.");
        verb.SetAction(_ =>
        {
            var table = new Table("FAULT", "SETTINGS", "ABOUT");
            foreach (var kind in FaultCatalog.All)
            {
                table.Add(
                    kind.Name,
                    string.Join(" ", kind.Settings.Select(setting => $"{setting.Name}={setting.Default}")),
                    kind.About);
            }

            table.Write(ChaosVerbs.Screen);
            return ChaosExitCode.Pass;
        });
        return verb.WithMore(
            "In an experiment: faults: [{ fault: NAME, at: 5s, times: 3, every: 4s, SETTING: VALUE }]");
    }
}
