using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Mutants;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// Reads an experiment from YAML. Everything is checked here, with its line: names of faults, their settings, numbers,
/// keys. <c>chaos/schemas/experiment.schema.json</c> says the same to editors.
/// </summary>
public static class ExperimentReader
{
    /// <summary>The job system as it is, where a file must name a mutant.</summary>
    public const string NoMutant = "none";

    private static readonly IReadOnlyDictionary<string, string> _none = new Dictionary<string, string>();
    private static readonly string[] _findings = [.. Enum.GetNames<FindingKind>().Select(KebabCase.Of)];

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
        var experiment = new Experiment
        {
            Name = map.Text("name"),
            About = map.Text("about"),
            Target = map.TextOrNull("target") ?? "sqlite",
            Fleet = FleetOf(map.Map("fleet")),
            Workload = WorkloadReader.Read(map.Map("workload")),
            Queue = QueueOf(map.Map("queue")),
            Subject = SubjectOf(map.Map("subject")),
            Faults = [.. map.Maps("faults").Select(FaultOf)],
            Nemesis = NemesisOf(map.Map("nemesis")),
            Steady = SteadyOf(map.Map("steady")),
            Expect = ExpectOf(map.Map("expect")),
        };
        map.End("an experiment");
        return experiment is { Workload.Queues.Count: > 1, Subject: { Worker: "plain" } or { Producer: "plain" } }
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

    private static FleetPlan FleetOf(YamlMap? map)
    {
        var usual = new FleetPlan();
        var plan = map is null ? usual : new FleetPlan
        {
            Workers = map.Whole("workers", 1) ?? usual.Workers,
            Producers = map.Whole("producers", 1) ?? usual.Producers,
            Concurrency = map.Whole("concurrency", 1) ?? usual.Concurrency,
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

    private static SubjectPlan SubjectOf(YamlMap? map)
    {
        var usual = new SubjectPlan();
        if (map is null)
        {
            return usual;
        }

        var plan = new SubjectPlan
        {
            Worker = map.Choice("worker", "jobsystem", "plain") ?? usual.Worker,
            Producer = map.Choice("producer", "jobsystem", "plain") ?? usual.Producer,
            Ack = map.Choice("ack", "after", "before", "auto") ?? usual.Ack,
            Prefetch = map.Whole("prefetch") ?? usual.Prefetch,
            Confirms = map.Flag("confirms") ?? usual.Confirms,
            Mandatory = map.Flag("mandatory") ?? usual.Mandatory,
            Persistent = map.Flag("persistent") ?? usual.Persistent,
            Mutant = map.Choice("mutant", [NoMutant, .. MutantCatalog.All.Select(mutant => mutant.Name)]),
        };
        map.End("a subject");
        return plan.Mutant == NoMutant ? plan with { Mutant = null } : plan;
    }

    private static FaultPlan FaultOf(YamlMap map)
    {
        var name = map.Text("fault");
        var kind = FaultCatalog.Find(name)
            ?? throw map.Wrong("fault", $"there is no fault '{name}'; see chaos faults");
        var usual = new FaultPlan { Fault = name };
        var settings = kind.Settings
            .Select(setting => (setting.Name, Value: map.TextOrNull(setting.Name)))
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Name, setting => setting.Value!, StringComparer.Ordinal);
        var plan = usual with
        {
            At = map.Duration("at") ?? usual.At,
            Times = map.Whole("times", 1) ?? usual.Times,
            Every = map.Duration("every") ?? usual.Every,
            Jitter = map.Duration("jitter") ?? usual.Jitter,
            Settings = settings,
        };
        map.End($"the fault '{name}'");
        return plan;
    }

    private static NemesisPlan? NemesisOf(YamlMap? map)
    {
        if (map is null)
        {
            return null;
        }

        var usual = new NemesisPlan { Faults = [] };
        var plan = usual with
        {
            Faults = [.. map.Maps("faults").Select(FaultOf)],
            At = map.Duration("at") ?? usual.At,
            Every = map.Duration("every") ?? usual.Every,
            Times = map.Whole("times", 1) ?? usual.Times,
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

    private static ExpectPlan ExpectOf(YamlMap? map)
    {
        if (map is null)
        {
            return new ExpectPlan();
        }

        var plan = new ExpectPlan
        {
            MinConfirmed = map.Whole("min-confirmed"),
            DeadLetters = map.Texts("dead-letters"),
            Duplicates = map.Share("duplicates"),
            Unconfirmed = map.Share("unconfirmed"),
            Latency = LatencyOf(map.Map("latency")),
            Soak = map.Flag("soak") ?? false,
            Recovery = RecoveryOf(map.Map("recovery")),
            Failure = map.TextOrNull("failure"),
            Beside = map.Texts("beside"),
        };
        foreach (var word in plan.Beside.Append(plan.Failure ?? _findings[0]).Except(_findings))
        {
            throw map.Wrong("failure", $"there is no finding '{word}'; there are {string.Join(", ", _findings)}");
        }

        map.End("an expectation");
        return plan;
    }

    private static List<LatencyLimit> LatencyOf(YamlMap? map)
    {
        var limits = new List<LatencyLimit>();
        foreach (var measure in map?.Keys ?? [])
        {
            var of = map!.Map(measure)!;
            foreach (var point in of.Keys)
            {
                limits.Add(LatencyLimit.Find(measure, point, of.Duration(point)!.Value)
                    ?? throw of.Wrong(point, $"'{measure}.{point}' is not {LatencyLimit.Expected}"));
            }
        }

        return limits;
    }

    private static List<RecoveryPlan> RecoveryOf(YamlMap? map)
    {
        var plans = new List<RecoveryPlan>();
        foreach (var fault in map?.Keys ?? [])
        {
            var budgets = map!.Map(fault)!;
            foreach (var stage in (string[])["detected", "redelivery", "confirm", "finished", "drained"])
            {
                if (budgets.Duration(stage) is { } limit)
                {
                    plans.Add(new RecoveryPlan(fault, stage, limit));
                }
            }

            budgets.End("a recovery budget");
        }

        return plans;
    }
}
