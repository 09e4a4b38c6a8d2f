using System.CommandLine;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Texts;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos experiments</c>, <c>faults</c> and <c>schema</c>: what there is to choose from.</summary>
internal static class ListVerbs
{
    private static readonly Argument<string?> _fault = new("name")
    {
        Description = "A kind of fault; prints all its settings.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> _reference = Options.Flag("--reference",
        "Print a reference of all settings as Markdown instead.");

    public static Command Experiments()
    {
        var verb = new Command("experiments", "List the experiments that ship.");
        verb.SetAction(_ =>
        {
            var table = new Table("NAME", "TARGET", "ABOUT");
            foreach (var experiment in ExperimentCatalog.All)
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
        var verb = new Command("faults", "List the kinds of faults, or the settings of one.") { _fault };
        verb.SetAction(parsed =>
        {
            if (parsed.GetValue(_fault) is { } name)
            {
                WriteSettings(FaultCatalog.Find(name) ?? throw new UsageException($"There is no fault '{name}'" +
                    $"{NearestWord.Hint(name, FaultCatalog.All.Select(kind => kind.Name))}: see chaos faults."));
            }
            else
            {
                WriteFaults();
            }

            return ChaosExitCode.Pass;
        });
        return verb.WithMore("""
            In an experiment: faults: [{ fault: NAME, at: 5s, times: 3, every: 4s, SETTING: VALUE }]

            Examples:
              chaos faults
              chaos faults broker-kill
            """);
    }

    public static Command Schema()
    {
        var verb = new Command("schema", "Print the JSON schema of experiment files, for editors.")
        {
            _reference,
        };
        verb.SetAction(parsed =>
        {
            var schema = File.ReadAllText(
                Path.Combine(AppContext.BaseDirectory, "schemas", "experiment.schema.json"));
            ChaosVerbs.Screen.Out.WriteLine(
                (parsed.GetValue(_reference) ? ExperimentReference.Of(schema) : schema).TrimEnd());
            return ChaosExitCode.Pass;
        });
        return verb.WithMore("""
            Examples:
              chaos schema > experiment.schema.json
              chaos schema --reference > docs/experiments.md
            """);
    }

    private static void WriteFaults()
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
    }

    private static void WriteSettings(FaultKind kind)
    {
        ChaosVerbs.Screen.Out.WriteLine($"{kind.Name}: {kind.About}");
        if (kind.Settings.Count == 0)
        {
            ChaosVerbs.Screen.Note("It has no settings.");
            return;
        }

        foreach (var setting in kind.Settings)
        {
            ChaosVerbs.Screen.Out.WriteLine("");
            ChaosVerbs.Screen.Out.WriteLine($"  {setting.Name}: {setting.About}");
            ChaosVerbs.Screen.Out.WriteLine($"    {setting.Type.Expected}; default {setting.Default}");
        }
    }
}
