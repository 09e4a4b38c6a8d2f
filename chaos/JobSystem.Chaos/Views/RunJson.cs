using JobSystem.Chaos.Reports;
using JobSystem.Cli.Output;

namespace JobSystem.Chaos.Views;

/// <summary>
/// JSON objects, one per line, for programs: <c>happened</c>, <c>progress</c> every other second, and one
/// <c>result</c> at the end.
/// </summary>
internal sealed class RunJson(Screen screen, TimeProvider clock) : IRunView
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(2);

    private SnapshotTimer? _timer;
    private long _told;

    public void Tell(string happened) =>
        screen.Out.WriteLine(JsonLine.Of(("event", "happened"), ("text", happened)));

    public void Start(Func<LiveSnapshot> snapshot)
    {
        _told = clock.GetTimestamp();
        _timer = new SnapshotTimer(clock, snapshot, Show);
    }

    public void Conclude(RunReport report)
    {
        Dispose();
        var tally = report.Verdict.Tally;
        screen.Out.WriteLine(JsonLine.Of(
            ("event", "result"), ("experiment", report.Experiment), ("seed", report.Seed),
            ("verdict", $"{report.Verdict.Kind}".ToLowerInvariant()), ("exitCode", report.ExitCode),
            ("headline", report.Headline), ("intended", tally.Intended), ("confirmed", tally.Confirmed),
            ("rejected", tally.Rejected), ("unknown", tally.Unknown), ("finished", tally.Finished),
            ("deadLettered", tally.DeadLettered), ("destroyed", tally.Destroyed), ("stuck", tally.Stuck),
            ("lost", tally.Lost), ("duplicatedWithCause", tally.DuplicatedWithCause),
            ("findings", report.Verdict.Findings.Count), ("faults", report.Recovery.Faults.Count),
            ("thresholdsMissed", report.AllThresholds.Count(threshold => threshold.IsMet == false)),
            ("seconds", report.Duration), ("repeat", report.RepeatLine)));
    }

    public void Dispose() => _timer?.Dispose();

    private void Show(LiveSnapshot now, Rates rates)
    {
        if (clock.GetElapsedTime(_told) < _period)
        {
            return;
        }

        _told = clock.GetTimestamp();
        screen.Out.WriteLine(JsonLine.Of(
            ("event", "progress"), ("phase", now.Phase), ("seconds", now.Elapsed), ("secondsLeft", Seconds(now.Left)),
            ("confirmed", now.Confirmed), ("finished", now.Finished), ("unknown", now.Unknown),
            ("backlog", now.Backlog), ("confirmedPerSecond", Math.Round(rates.Confirmed, 1)),
            ("finishedPerSecond", Math.Round(rates.Finished, 1)), ("faultsDone", now.FaultsDone),
            ("faultsPlanned", now.FaultsPlanned), ("faultNow", now.FaultNow), ("workersAlive", now.WorkersAlive),
            ("wrong", now.Wrong)));
    }

    private static object? Seconds(TimeSpan? time) => time is { } known ? known : null;
}
