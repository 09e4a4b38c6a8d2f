using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Views;

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
        var (tally, timeline) = (report.Verdict.Tally, report.Timeline);
        screen.Out.WriteLine(JsonLine.Of(
            ("event", "result"), ("experiment", report.Experiment), ("seed", report.Seed),
            ("verdict", $"{report.Verdict.Kind}".ToLowerInvariant()), ("exitCode", report.ExitCode),
            ("headline", report.Headline), ("intended", tally.Intended), ("confirmed", tally.Confirmed),
            ("rejected", tally.Rejected), ("unknown", tally.Unknown), ("finished", tally.Finished),
            ("deadLettered", tally.DeadLettered), ("destroyed", tally.Destroyed), ("stuck", tally.Stuck),
            ("lost", tally.Lost), ("duplicatedWithCause", tally.DuplicatedWithCause),
            ("findings", report.Verdict.Findings.Count), ("faults", report.Recovery.Faults.Count),
            ("thresholdsMissed", report.AllThresholds.Count(threshold => threshold.IsMet == false)),
            ("offeredPerSecond", Rounded(timeline.Rates.OfferedPerSecond)),
            ("confirmedPerSecond", Rounded(timeline.Rates.ConfirmedPerSecond)),
            ("finishedPerSecond", Rounded(timeline.Rates.FinishedPerSecond)),
            ("confirmP50", Exact(timeline.ToConfirm, 50)), ("confirmP99", Exact(timeline.ToConfirm, 99)),
            ("finishedP50", Exact(timeline.EndToEnd, 50)), ("finishedP99", Exact(timeline.EndToEnd, 99)),
            ("delayP99", Exact(timeline.Delay, 99)), ("seconds", report.Duration), ("repeat", report.RepeatLine)));
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
            ("progress", Math.Round(now.Progress, 3)), ("due", now.Due), ("confirmed", now.Confirmed),
            ("finished", now.Finished), ("unknown", now.Unknown), ("backlog", now.Backlog),
            ("offeredPerSecond", Math.Round(rates.Offered, 1)),
            ("confirmedPerSecond", Math.Round(rates.Confirmed, 1)),
            ("finishedPerSecond", Math.Round(rates.Finished, 1)), ("confirmP50", Exact(now.Confirm?.P50)),
            ("confirmP99", Exact(now.Confirm?.P99)), ("finishedP50", Exact(now.Finish?.P50)),
            ("finishedP99", Exact(now.Finish?.P99)), ("delay", Exact(now.Delay)), ("faultsDone", now.FaultsDone),
            ("faultsPlanned", now.FaultsPlanned), ("faultNow", now.FaultNow), ("workersAlive", now.WorkersAlive),
            ("wrong", now.Wrong)));
    }

    /// <summary>Latencies are often less than the millisecond that other times are told to.</summary>
    private static object? Exact(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 6) : null;

    private static object? Exact(Histogram histogram, double percentile) =>
        histogram.Count == 0 ? null : Exact(histogram.ValueAt(percentile));

    private static object? Rounded(double? rate) => rate is { } known ? Math.Round(known, 1) : null;

    private static object? Seconds(TimeSpan? time) => time is { } known ? known : null;
}
