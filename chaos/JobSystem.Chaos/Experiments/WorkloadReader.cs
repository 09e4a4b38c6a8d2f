using JobSystem.Chaos.Loads;

namespace JobSystem.Chaos.Experiments;

/// <summary>Reads the load of an experiment.</summary>
internal static class WorkloadReader
{
    /// <exception cref="ExperimentException">It is wrong; the text says where.</exception>
    public static WorkloadPlan Read(YamlMap? map)
    {
        var usual = new WorkloadPlan();
        if (map is null)
        {
            return usual;
        }

        var rate = RateOf(map) ?? usual.Rate;
        var plan = usual with
        {
            Jobs = JobsOf(map, rate) ?? usual.Jobs,
            Rate = rate,
            Poisson = map.Choice("arrivals", "even", "poisson") == "poisson",
            Patience = map.Duration("patience"),
            Window = map.Whole("window", 1, 1_000_000) ?? usual.Window,
            Mix = MixOf(map) ?? usual.Mix,
            Queues = QueuesOf(map.Map("queues")) ?? usual.Queues,
            Timeout = map.Duration("timeout") ?? usual.Timeout,
            Deadline = map.Duration("deadline") ?? usual.Deadline,
            Attempts = map.Whole("attempts", 1, 1_000_000) ?? usual.Attempts,
        };
        map.End("a workload");
        return plan;
    }

    private static RatePlan? RateOf(YamlMap map) => map.TextOrNull("rate") is { } text
        ? RateText.TryParse(text, out var plan)
            ? plan
            : throw map.Wrong("rate", $"'rate' is {text}, but must be {RateText.Expected}")
        : null;

    private static int? JobsOf(YamlMap map, RatePlan rate) => (map.Whole("jobs", 1), rate.Jobs) switch
    {
        ({ }, { }) => throw map.Wrong("jobs", "the rate has an end, so it says how many jobs there are: leave 'jobs'"),
        (null, > int.MaxValue) => throw map.Wrong("rate", "these are more jobs than a run can have"),
        var (jobs, due) => jobs ?? (int?)due,
    };

    private static IReadOnlyList<JobClass>? MixOf(YamlMap map)
    {
        var usual = ClassOf(map, JobClass.Usual);
        if (map.Map("mix") is not { } mix)
        {
            return usual == JobClass.Usual ? null : [usual];
        }

        return [.. mix.Keys.Select(name => ClassOf(mix, name, usual))];
    }

    /// <summary><c>short: 90</c>, or <c>short: { weight: 90, work: 5ms, payload: 1KB }</c>.</summary>
    private static JobClass ClassOf(YamlMap mix, string name, JobClass usual)
    {
        var known = JobClass.Known.FirstOrDefault(each => each.Name == name);
        if (!mix.IsMap(name))
        {
            return (known ?? throw mix.Wrong(name, $"nothing is known of '{name}': say its work and payload, or name " +
                $"one of {string.Join(", ", JobClass.Known.Select(each => each.Name))}"))
                with { Weight = mix.Weight(name) ?? 1 };
        }

        var map = mix.Map(name)!;
        var kind = ClassOf(map, (known ?? usual) with { Name = name, Weight = map.Weight("weight") ?? 1 });
        map.End("a kind of jobs");
        return kind;
    }

    private static JobClass ClassOf(YamlMap map, JobClass usual) => usual with
    {
        Work = map.TextOrNull("work") is not { } work ? usual.Work
            : DistributionText.TryParseDuration(work, out var duration) ? duration
            : throw map.Wrong("work", $"'work' is {work}, but must be {DistributionText.ExpectedDuration}"),
        Payload = map.TextOrNull("payload") is not { } payload ? usual.Payload
            : DistributionText.TryParseSize(payload, out var size) ? size
            : throw map.Wrong("payload", $"'payload' is {payload}, but must be {DistributionText.ExpectedSize}"),
    };

    private static IReadOnlyList<QueueShare>? QueuesOf(YamlMap? map) => map is null
        ? null
        : [.. map.Keys.Select(name => new QueueShare(name, map.Weight(name) ?? 1))];
}
