using System.Text.RegularExpressions;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Targets;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// Reads an experiment from YAML. Everything is checked here, with its line: names of faults, their settings, numbers,
/// keys. <c>chaos/schemas/experiment.schema.json</c> says the same to editors.
/// </summary>
public static partial class ExperimentReader
{
    /// <summary>The job system as it is, where a file must name a mutant.</summary>
    public const string NoMutant = "none";

    private static readonly IReadOnlyDictionary<string, string> _none = new Dictionary<string, string>();

    /// <summary>Of a kind on one machine: more is a mistyped number.</summary>
    private const int MaxProcesses = 256;

    /// <param name="file">Its name, for errors.</param>
    /// <param name="text">YAML, one document.</param>
    /// <param name="given">Values for its variables, instead of those under <c>vars</c>.</param>
    /// <param name="overlay">What wins over the file.</param>
    /// <exception cref="ExperimentException">The file is wrong, or has no such variable.</exception>
    public static Experiment Read(
        string file, string text, IReadOnlyDictionary<string, string>? given = null, YamlOverlay? overlay = null)
    {
        var root = Parse(file, text);
        overlay?.Apply(root);
        var variables = VariablesOf(file, new YamlMap(file, root, _none), given ?? _none);
        var map = new YamlMap(file, root, variables);
        _ = map.Has("vars");
        var target = TargetOf(map);
        var experiment = new Experiment
        {
            Name = NameOf(map),
            About = map.Text("about"),
            Target = target,
            Fleet = FleetOf(map.Map("fleet")),
            Workload = WorkloadReader.Read(map.Map("workload")),
            Queue = QueueOf(map.Map("queue")),
            SystemUnderTest = SystemOf(map.Map("subject")),
            Faults = [.. map.Maps("faults").Select(fault => FaultReader.Read(fault, target))],
            Nemesis = NemesisOf(map.Map("nemesis"), target),
            Steady = SteadyOf(map.Map("steady")),
            Expect = ExpectationReader.Read(map.Map("expect")),
        };
        map.End("an experiment");
        ExpectationReader.Check(map.Map("expect"), experiment);
        return experiment is
            { Workload.Queues.Count: > 1, SystemUnderTest: { Worker: "plain" } or { Producer: "plain" } }
            ? throw map.Wrong("subject", "a plain subject knows one queue only")
            : experiment;
    }

    private static YamlMappingNode Parse(string file, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw new ExperimentException($"{file}: an experiment is one YAML mapping.");
        }
        catch (YamlException error)
        {
            throw new ExperimentException($"{file}:{error.Start.Line}: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new ExperimentException($"{file}: it is no YAML: {error.Message}"); // the scanner's own stumbling
        }
    }

    private static Dictionary<string, string> VariablesOf(
        string file, YamlMap map, IReadOnlyDictionary<string, string> given)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (map.Map("vars") is { } defaults)
        {
            foreach (var name in defaults.Keys)
            {
                variables[name] = defaults.Text(name);
            }
        }

        foreach (var (name, value) in given)
        {
            variables[name] = variables.ContainsKey(name)
                ? value
                : throw new ExperimentException($"{file}: it has no variable '{name}'; it has " +
                    $"{(variables.Count == 0 ? "none" : string.Join(", ", variables.Keys.Order()))}.");
        }

        return variables;
    }

    /// <summary>Also the name of a folder, so nothing that leads out of one.</summary>
    private static string NameOf(YamlMap map) => map.Text("name") is var name && Kebab().IsMatch(name)
        ? name
        : throw map.Wrong("name",
            $"'name' is {name}, but must be in kebab case: small letters, digits, single dashes; at most 100");

    private static string TargetOf(YamlMap map)
    {
        var target = map.TextOrNull("target") ?? "sqlite";
        return TargetCatalog.Problem(target) is { } problem ? throw map.Wrong("target", problem) : target;
    }

    private static FleetPlan FleetOf(YamlMap? map)
    {
        var usual = new FleetPlan();
        var plan = map is null ? usual : new FleetPlan
        {
            Workers = map.Whole("workers", 1, MaxProcesses) ?? usual.Workers,
            Producers = map.Whole("producers", 1, MaxProcesses) ?? usual.Producers,
            Concurrency = map.Whole("concurrency", 1, ushort.MaxValue) ?? usual.Concurrency,
            Respawn = map.Duration("respawn") ?? usual.Respawn,
            Drain = map.Duration("drain") ?? usual.Drain,
            Heartbeat = map.Duration("heartbeat") ?? usual.Heartbeat,
            Proxy = map.Flag("proxy") ?? usual.Proxy,
        };
        map?.End("a fleet");
        return plan;
    }

    private static QueuePlan QueueOf(YamlMap? map)
    {
        var usual = new QueuePlan();
        var plan = map is null ? usual : new QueuePlan
        {
            Type = map.Choice("type", "system", "quorum", "classic") ?? usual.Type,
            Durable = map.Flag("durable") ?? usual.Durable,
            DeliveryLimit = map.Whole("delivery-limit", 1),
        };
        map?.End("a queue");
        return plan;
    }

    private static SystemPlan SystemOf(YamlMap? map)
    {
        var usual = new SystemPlan();
        if (map is null)
        {
            return usual;
        }

        var plan = new SystemPlan
        {
            Worker = map.Choice("worker", "jobsystem", "plain") ?? usual.Worker,
            Producer = map.Choice("producer", "jobsystem", "plain") ?? usual.Producer,
            Ack = map.Choice("ack", "after", "before", "auto") ?? usual.Ack,
            Prefetch = map.Whole("prefetch", 0, ushort.MaxValue) ?? usual.Prefetch,
            Confirms = map.Flag("confirms") ?? usual.Confirms,
            Mandatory = map.Flag("mandatory") ?? usual.Mandatory,
            Persistent = map.Flag("persistent") ?? usual.Persistent,
            Mutant = map.Choice("mutant", [NoMutant, .. MutantCatalog.All.Select(mutant => mutant.Name)]),
        };
        map.End("a subject");
        return plan.Mutant == NoMutant ? plan with { Mutant = null } : plan;
    }

    private static NemesisPlan? NemesisOf(YamlMap? map, string target)
    {
        if (map is null)
        {
            return null;
        }

        var usual = new NemesisPlan { Faults = [] };
        var plan = usual with
        {
            Faults = [.. map.Maps("faults").Select(fault => FaultReader.Read(fault, target))],
            At = map.Duration("at") ?? usual.At,
            Every = map.Duration("every") ?? usual.Every,
            Times = map.Whole("times", 1, MaxProcesses * 100) ?? usual.Times,
        };
        map.End("a nemesis");
        return plan.Faults.Count > 0 ? plan : throw map.Wrong("faults", "a nemesis needs faults to draw from");
    }

    private static SteadyPlan SteadyOf(YamlMap? map)
    {
        var plan = new SteadyPlan { Backlog = map?.Whole("backlog"), Silence = map?.Duration("silence") };
        map?.End("a steady state");
        return plan;
    }

    [GeneratedRegex("^(?=.{1,100}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();
}
