using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>
/// All that is told of a run. The writers (<see cref="HtmlReport"/>, <see cref="JsonReport"/>,
/// <see cref="JunitReport"/>, <see cref="TextReport"/>) only put it into their form, so they cannot contradict.
/// </summary>
public sealed record RunReport
{
    /// <summary>The part of a run in which jobs are enqueued; what comes before is set-up.</summary>
    internal const string LoadPhase = "load";

    /// <summary>Name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>What the experiment is about, in a sentence.</summary>
    public string About { get; init; } = "";

    /// <summary>As it is written on the command line.</summary>
    public required string Seed { get; init; }

    /// <summary>The command that does the same again.</summary>
    public required string RepeatLine { get; init; }

    /// <summary>When the run began, on the wall.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Of this program, the engine, the runtime.</summary>
    public string Versions { get; init; } = "";

    /// <summary>What it ran on.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The broker under test.</summary>
    public string Target { get; init; } = "";

    /// <summary>The processes under load, in words.</summary>
    public string Fleet { get; init; } = "";

    public required Verdict Verdict { get; init; }

    public required Timeline Timeline { get; init; }

    public required Recovery Recovery { get; init; }

    /// <summary>What the processes used.</summary>
    public Resources Resources { get; init; } = Resources.None;

    /// <summary>What recovery may take. Default: <see cref="RecoveryBudget.Defaults"/>.</summary>
    public IReadOnlyList<RecoveryBudget> Budgets { get; init; } = RecoveryBudget.Defaults;

    /// <summary>Of the experiment, beside the budgets of the recovery.</summary>
    public IReadOnlyList<ThresholdResult> Thresholds { get; init; } = [];

    /// <summary>Jobs whose lives are told although nothing is wrong with them.</summary>
    public IReadOnlyList<ToldJob> ToldJobs { get; init; } = [];

    /// <summary>Logs beside the report, by the process that wrote them: paths from the report's folder.</summary>
    public IReadOnlyDictionary<string, string> Logs { get; init; } = new Dictionary<string, string>();

    /// <summary>When the load began, in the time of the run; null: it never did.</summary>
    public TimeSpan? LoadBeganAt => Timeline.Phases.Where(phase => phase.Phase == LoadPhase)
        .Select(phase => (TimeSpan?)phase.At).FirstOrDefault();

    /// <summary>A moment of the run, on the wall.</summary>
    public DateTimeOffset OnTheWall(TimeSpan at) => StartedAt + at;

    /// <summary>What a reader should know beside, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The experiment's thresholds, then the budgets of the recovery.</summary>
    public IReadOnlyList<ThresholdResult> AllThresholds => [.. Thresholds, .. Recovery.Judge(Budgets)];

    /// <summary>See <see cref="ChaosExitCode"/>.</summary>
    public int ExitCode => ChaosExitCode.Of(
        Verdict.Kind,
        AllThresholds.Any(threshold => threshold.IsMet == false),
        [.. Recovery.Faults.SelectMany(fault => fault.Troubles).Select(trouble => trouble.Step)]);

    /// <summary>The verdict in one sentence for somebody who reads nothing else.</summary>
    public string Headline => ReportText.Headline(this);
}
