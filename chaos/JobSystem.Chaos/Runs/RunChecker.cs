using System.Globalization;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Chaos.Verification.Texts;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// The report of a run, read from its folder alone: the same today and next year, whoever made the ledger, also where
/// the controller died on the way.
/// </summary>
public static class RunChecker
{
    private const string Unsaved =
        "The controller did not save what it knew: it died, or the run is still going on.";

    /// <exception cref="IOException">The folder is of no run.</exception>
    public static RunReport Judge(RunFolder folder)
    {
        var facts = folder.Load();
        var history = new LedgerFolder(folder.Ledger);
        var census = new Census();
        var fold = new RunFold(facts.Experiment.Workload);
        var resources = new ResourceFold();
        var duration = TimeSpan.Zero;
        foreach (var entry in history)
        {
            census.Add(entry);
            fold.Add(entry);
            resources.Add(entry);
            duration = entry.At;
        }

        var experiment = facts.Experiment;
        var timeline = fold.ToTimeline();
        var used = resources.ToResources();
        var verdict = HistoryChecker.Judge(census, history, OptionsOf(facts, history.Doubts));
        return new RunReport
        {
            Experiment = experiment.Name,
            About = experiment.About,
            Seed = facts.Seed.ToString(CultureInfo.InvariantCulture),
            RepeatLine = facts.Repeat,
            StartedAt = facts.StartedAt,
            Duration = duration,
            Versions = $"chaos {typeof(RunChecker).Assembly.GetName().Version?.ToString(3)}",
            Machine = facts.Machine,
            Target = $"{experiment.Target}: {facts.Broker}",
            Fleet = DescribeFleet(experiment),
            Verdict = verdict,
            Timeline = timeline,
            Recovery = Planned(fold.ToRecovery(), timeline, Schedule.Of(experiment, facts.Seed)),
            Resources = used,
            Budgets = BudgetsOf(experiment),
            Thresholds =
            [
                .. ThresholdsOf(facts, verdict.Tally), .. LatencyLimits.Judge(experiment, timeline),
                .. experiment.Expect.Soak ? DriftLimits.Judge(used, timeline) : [],
            ],
            ToldJobs = ToldJob.Of(timeline, census, history),
            Logs = folder.Logs,
            Notes = facts.Notes,
        };
    }

    /// <summary>Each fault with the time that its schedule had for it.</summary>
    private static Recovery Planned(Recovery recovery, Timeline timeline, IReadOnlyList<ScheduledFault> schedule)
    {
        var load = timeline.Phases.FirstOrDefault(phase => phase.Phase == RunReport.LoadPhase);
        var plans = schedule.ToDictionary(each => each.Number, each => load.At + ExperimentRun.Lead + each.At);
        return load.Phase is null ? recovery : new Recovery(
        [
            .. recovery.Faults.Select(fault =>
                plans.TryGetValue(fault.Fault, out var at) ? fault with { PlannedAt = at } : fault),
        ]);
    }

    private static CheckOptions OptionsOf(RunFacts facts, IReadOnlyList<string> doubts)
    {
        var (experiment, expect) = (facts.Experiment, facts.Experiment.Expect);
        return new CheckOptions
        {
            MinConfirmed = expect.MinConfirmed
                ?? (experiment.Workload.Patience is null ? (experiment.Workload.Jobs + 1) / 2 : 1),
            AllowsDeadLetter = (_, reason) =>
                expect.DeadLetters.Contains(ExpectationReader.AnyReason)
                || expect.DeadLetters.Contains(KebabCase.Of($"{reason}")),
            MustHappen = [.. Schedule.Of(experiment, facts.Seed).Select(each => each.Plan.Fault).Distinct()],
            Doubts = [.. doubts, .. facts.Doubts, .. facts.IsComplete ? Array.Empty<string>() : [Unsaved]],
            IsWhole = doubts.Count == 0 && facts.IsComplete,
        };
    }

    private static IEnumerable<ThresholdResult> ThresholdsOf(RunFacts facts, Tally tally)
    {
        var expect = facts.Experiment.Expect;
        if (expect.Duplicates is { } most)
        {
            yield return Share("finished more than once", tally.DuplicatedWithCause, tally.Finished, most);
        }

        if (expect.Unconfirmed is { } maxUnconfirmed)
        {
            yield return Share(
                "unknown or rejected", tally.Unknown + tally.Rejected, tally.Intended, maxUnconfirmed);
        }

        foreach (var breach in facts.Unsteady)
        {
            yield return new ThresholdResult("steady state", "all along", breach, false);
        }

        foreach (var failure in facts.Failures)
        {
            yield return new ThresholdResult("processes", "end only when asked or killed", failure, false);
        }
    }

    private static ThresholdResult Share(string what, int count, int of, double most) => new(
        what,
        string.Create(CultureInfo.InvariantCulture, $"at most {most * 100:0.##} %"),
        string.Create(CultureInfo.InvariantCulture, $"{count} of {of}"),
        count <= most * of);

    private static IReadOnlyList<RecoveryBudget> BudgetsOf(Experiment experiment) =>
    [
        .. experiment.Expect.Recovery.Select(
            plan => new RecoveryBudget(plan.Fault, StageOf(plan.Stage), plan.Limit)),
    ];

    private static RecoveryStage StageOf(string word) => word switch
    {
        "detected" => RecoveryStage.Detected,
        "redelivery" => RecoveryStage.Redelivery,
        "confirm" => RecoveryStage.FirstConfirm,
        "finished" => RecoveryStage.FirstFinished,
        _ => RecoveryStage.BacklogDrained,
    };

    private static string DescribeFleet(Experiment experiment) => string.Create(
        CultureInfo.InvariantCulture,
        $"{experiment.Fleet.Workers} workers with {experiment.Fleet.Concurrency} slots, " +
        $"{experiment.Fleet.Producers} {(experiment.Fleet.Producers == 1 ? "producer" : "producers")}, " +
        $"{experiment.Workload.Jobs} jobs, rate {experiment.Workload.Rate}" +
        $"{(experiment.Workload.Poisson ? " by chance" : "")}{DescribeKinds(experiment.Workload.Mix)}");

    private static string DescribeKinds(IReadOnlyList<JobClass> mix) => mix.Count < 2
        ? ""
        : $", of them {string.Join(", ", mix.Select(kind => FormattableString.Invariant(
            $"{100 * kind.Weight / mix.Sum(each => each.Weight):0.#} % {kind.Name}")))}";
}
