using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Texts;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Texts;

namespace JobSystem.Chaos.Experiments;

/// <summary>Reads what a run must show at its end. What could never be checked is refused.</summary>
internal static class ExpectationReader
{
    /// <summary>Dead letters of every reason are right.</summary>
    public const string AnyReason = "any";

    private static readonly string[] _findings = [.. Enum.GetNames<FindingKind>().Select(KebabCase.Of)];
    private static readonly string[] _stages = ["detected", "redelivery", "confirm", "finished", "drained"];

    /// <summary>Why a job may be a dead letter, as files write it.</summary>
    public static IReadOnlyList<string> Reasons { get; } = [.. Enum.GetNames<FailureReason>().Select(KebabCase.Of)];

    /// <summary>Holds it against the rest of the experiment.</summary>
    /// <exception cref="ExperimentException">Something of it could never be measured, or never be met.</exception>
    public static void Check(YamlMap? map, Experiment experiment)
    {
        var faults = experiment.Faults.Concat(experiment.Nemesis?.Faults ?? []).Select(plan => plan.Fault).Distinct();
        var names = faults.Order(StringComparer.Ordinal).ToList();
        foreach (var budget in experiment.Expect.Recovery)
        {
            if (!names.Exists(budget.IsFor))
            {
                throw map!.Map("recovery")!.Wrong(budget.Fault,
                    $"the experiment has no fault '{budget.Fault}'{NearestWord.Hint(budget.Fault, names)} that a " +
                    $"budget could be for; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}");
            }
        }

        if (experiment.Expect.MinConfirmed > experiment.Workload.Jobs)
        {
            throw map!.Wrong("min-confirmed",
                $"'min-confirmed' is {experiment.Expect.MinConfirmed}, but there are {experiment.Workload.Jobs} jobs");
        }
    }

    /// <exception cref="ExperimentException">It is wrong; the text says where.</exception>
    public static ExpectPlan Read(YamlMap? map)
    {
        if (map is null)
        {
            return new ExpectPlan();
        }

        var plan = new ExpectPlan
        {
            MinConfirmed = map.Whole("min-confirmed"),
            DeadLetters = map.Choices("dead-letters", [AnyReason, .. Reasons]),
            Duplicates = map.Share("duplicates"),
            Unconfirmed = map.Share("unconfirmed"),
            Latency = LatencyOf(map.Map("latency")),
            Soak = map.Flag("soak") ?? false,
            Recovery = RecoveryOf(map.Map("recovery")),
            Failure = map.Choice("failure", _findings),
            Beside = map.Choices("beside", _findings),
        };

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
            var before = plans.Count;
            foreach (var stage in _stages)
            {
                if (budgets.Duration(stage) is { } limit)
                {
                    plans.Add(new RecoveryPlan(fault, stage, limit));
                }
            }

            budgets.End("a recovery budget");
            if (plans.Count == before)
            {
                throw map.Wrong(fault, $"the budget for '{fault}' limits nothing: say {string.Join(", ", _stages)}");
            }
        }

        return plans;
    }
}
