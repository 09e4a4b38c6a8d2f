using System.Globalization;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Texts;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// Reads the faults of an experiment: each setting by the type that its kind gives it, so that nothing is found to be
/// wrong when the fault is to be injected, minutes into a run.
/// </summary>
internal static class FaultReader
{
    private const int MaxTimes = 100_000;

    /// <param name="map">The fault's.</param>
    /// <param name="target">Which broker, by its name.</param>
    /// <exception cref="ExperimentException">It is wrong; the text says where.</exception>
    public static FaultPlan Read(YamlMap map, string target)
    {
        var name = map.Text("fault");
        var kind = FaultCatalog.Find(name) ?? throw map.Wrong("fault",
            $"there is no fault '{name}'{NearestWord.Hint(name, FaultCatalog.All.Select(each => each.Name))}; " +
            "see chaos faults");
        var usual = new FaultPlan { Fault = name };
        var plan = usual with
        {
            At = map.Duration("at") ?? usual.At,
            Times = map.Whole("times", 1, MaxTimes) ?? usual.Times,
            Every = map.Duration("every") ?? usual.Every,
            Jitter = map.Duration("jitter") ?? usual.Jitter,
            Settings = SettingsOf(map, kind, target),
        };
        map.End($"the fault '{name}'");
        return plan;
    }

    private static Dictionary<string, string> SettingsOf(YamlMap map, FaultKind kind, string target)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in kind.Settings)
        {
            if (map.TextOrNull(setting.Name) is { } text)
            {
                settings[setting.Name] = setting.Problem(text) is { } problem
                    ? throw map.Wrong(setting.Name, problem)
                    : setting.Name == "node" ? NodeOf(map, text, target) : text;
            }
        }

        return settings;
    }

    private static string NodeOf(YamlMap map, string text, string target) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var node)
        && TargetCatalog.NodesOf(target) is var nodes && node > nodes
            ? throw map.Wrong("node", $"'node' is {text}, but the target {target} has {nodes} " +
                $"{(nodes == 1 ? "node" : "nodes")}")
            : text;
}
