using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>How far a run is, in words. Pure.</summary>
internal static class LiveText
{
    private const int LabelWidth = 9;
    private const int BarWidth = 24;

    /// <summary>The lines of the terminal, each at most so many characters.</summary>
    public static IReadOnlyList<string> Lines(LiveSnapshot now, Rates rates, int width) =>
    [
        .. new[]
        {
            ("phase", $"{now.Phase}, {Clock(now.Elapsed)} gone{Left(now)}  {Bar(now.Progress)} {Share(now)}"),
            ("jobs", $"{Of(now.Due)} due ({Rate(rates.Offered)}), {Of(now.Confirmed)} confirmed " +
                $"({Rate(rates.Confirmed)}), {Of(now.Finished)} finished ({Rate(rates.Finished)}), " +
                $"backlog {Of(now.Backlog)}{Unknown(now)}"),
            ("latency", Latency(now)),
            ("faults", $"{now.FaultsDone} of {now.FaultsPlanned}{Faults(now)}"),
            ("workers", $"{now.WorkersAlive} of {now.Workers} ready"),
            ("verdict", Verdict(now)),
        }.Select(line => Printable.FirstLine($"{line.Item1.PadRight(LabelWidth)}{line.Item2}", width)),
    ];

    /// <summary>The same in one line.</summary>
    public static string Line(LiveSnapshot now, Rates rates) =>
        $"{now.Phase} {Share(now)}: {Of(now.Due)} due ({Rate(rates.Offered)}), {Of(now.Confirmed)} confirmed " +
        $"({Rate(rates.Confirmed)}), {Of(now.Finished)} finished ({Rate(rates.Finished)}), backlog " +
        $"{Of(now.Backlog)}{Unknown(now)}; {Latency(now)}; faults {now.FaultsDone} of {now.FaultsPlanned}, " +
        $"workers {now.WorkersAlive} of {now.Workers} ready, verdict {Verdict(now)}";

    private static string Share(LiveSnapshot now) => $"{(int)(now.Progress * 100)} %";

    private static string Bar(double progress)
    {
        var full = (int)(progress * BarWidth);
        return new string('█', full) + new string('░', BarWidth - full);
    }

    /// <summary>Of the last seconds: p50 and p99.</summary>
    private static string Latency(LiveSnapshot now)
    {
        var delay = now.Delay is { } late ? $", sent {Of(late)} late" : "";
        return $"confirmed {Points(now.Confirm)}, finished {Points(now.Finish)} (p50 / p99){delay}";
    }

    private static string Points(LiveLatency? latency) =>
        latency is null ? "–" : $"{Of(latency.P50)} / {Of(latency.P99)}";

    /// <summary>Until the drain nobody can know what is lost; only what is wrong for certain.</summary>
    private static string Verdict(LiveSnapshot now) => now.Wrong == 0
        ? "open"
        : $"{ReportText.Count(now.Wrong, "job is", "jobs are")} wrong already";

    private static string Faults(LiveSnapshot now)
    {
        var current = now.FaultNow.Length > 0 ? $", now {now.FaultNow}" : "";
        var until = now.UntilNext is { } time ? $" in {Of(time)}" : "";
        return now.FaultNext.Length > 0 ? $"{current}, next {now.FaultNext}{until}" : current;
    }

    private static string Unknown(LiveSnapshot now) => now.Unknown > 0 ? $", {Of(now.Unknown)} unknown" : "";

    private static string Left(LiveSnapshot now) => now.Left is { } left ? $", {Clock(left)} left" : "";

    private static string Rate(double rate) => $"{Of((long)Math.Round(rate))}/s";

    /// <summary>Minutes and seconds: <c>3:07</c>.</summary>
    private static string Clock(TimeSpan time) => $"{(long)time.TotalMinutes}:{time:ss}";
}
