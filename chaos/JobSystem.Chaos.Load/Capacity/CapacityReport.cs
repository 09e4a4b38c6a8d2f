using JobSystem.Chaos.Reports;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>All that is told of a search; its forms only put it into words.</summary>
internal sealed record CapacityReport
{
    /// <summary>In the order in which they were run.</summary>
    public required IReadOnlyList<CapacityStep> Steps { get; init; }

    /// <summary>Where the search stands at its end; another trial: it was ended before.</summary>
    public required SearchMove End { get; init; }

    /// <summary>As it was asked for.</summary>
    public required CapacityPlan Plan { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Where it ran; null: no step was run.</summary>
    public RunReport? FirstRun => Steps is [var first, ..] ? first.Report : null;

    /// <summary>The step that ended it early; null: none did.</summary>
    public CapacityStep? Breaker => Steps.FirstOrDefault(step => step.IsTheEnd);

    /// <summary>The highest rate within the limits; null: none was.</summary>
    public CapacityStep? Best => Steps.LastOrDefault(step => step.IsKept && step.Rate == BestRate);

    /// <summary>The next rate above it that did not.</summary>
    public CapacityStep? FirstFailed => End switch
    {
        SearchMove.Found { FirstFailed: { } rate } => LastFailed(rate),
        SearchMove.NothingKept nothing => LastFailed(nothing.Rate),
        _ => Steps.Where(step => !step.IsKept).MinBy(step => step.Rate),
    };

    /// <summary>See <see cref="ChaosExitCode"/>.</summary>
    public int ExitCode => Breaker is { } breaker ? breaker.Report.ExitCode : End switch
    {
        SearchMove.Found => ChaosExitCode.Pass,
        SearchMove.NothingKept => ChaosExitCode.Missed,
        _ => ChaosExitCode.Unknown,
    };

    /// <summary>By rate.</summary>
    public IEnumerable<CapacityStep> InOrder => Steps.OrderBy(step => step.Rate).ThenBy(step => step.Number);

    public string Word => ExitCode switch
    {
        ChaosExitCode.Pass => "FOUND",
        ChaosExitCode.Broken => "FAIL",
        ChaosExitCode.Missed => "NO RATE WITHIN THE LIMITS",
        _ => "UNKNOWN",
    };

    /// <summary>What was found, in a sentence or two.</summary>
    public string Answer => (Breaker, End) switch
    {
        ({ } breaker, _) => $"The search ended at {Per(breaker.Rate)}: {breaker.Report.Headline}",
        (_, SearchMove.Found { FirstFailed: null } found) =>
            $"Highest rate within the limits: {Per(found.Best)}, the end of the range.",
        (_, SearchMove.Found found) => $"Highest rate within the limits: {Per(found.Best)}; first beyond them: " +
            $"{Per(found.FirstFailed!.Value)}, because of {Why(FirstFailed)}.",
        (_, SearchMove.NothingKept nothing) =>
            $"Not even {Per(nothing.Rate)} is within the limits, because of {Why(FirstFailed)}.",
        _ => Best is { } best
            ? $"The search was interrupted. Highest rate within the limits so far: {Per(best.Rate)}."
            : "The search was interrupted before any rate was within the limits.",
    };

    /// <summary>How many jobs are under way at the best rate; empty: there is none.</summary>
    public string Little => Best is { } best
        ? $"At {Per(best.Rate)} a job takes {Of(best.Report.Timeline.EndToEnd.Mean)} on average, so by Little's law " +
            $"{Number(best.ByLittle)} jobs are in the system at a time; counted: {Number(best.InSystem)}."
        : "";

    private double BestRate => End is SearchMove.Found found
        ? found.Best
        : Steps.Where(step => step.IsKept).Select(step => step.Rate).DefaultIfEmpty().Max();

    /// <summary><c>1,340/s</c>.</summary>
    public static string Per(double rate) => $"{Number(rate)}/s";

    /// <summary>Three digits that count, or all of a whole number.</summary>
    public static string Number(double number) => number.ToString(
        number < 10 ? "0.##" : number < 100 ? "0.#" : "N0", System.Globalization.CultureInfo.InvariantCulture);

    private CapacityStep? LastFailed(double rate) => Steps.LastOrDefault(step => !step.IsKept && step.Rate == rate);

    private static string Why(CapacityStep? step) => step is null ? "chance" : step.Reasons[0];
}
