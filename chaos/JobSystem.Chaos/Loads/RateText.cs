using System.Globalization;
using JobSystem.Terminal.Arguments;
using static System.FormattableString;

namespace JobSystem.Chaos.Loads;

/// <summary>
/// Rates as people write them: <c>500</c> (a second), <c>500:1m</c> (for a minute), <c>500-2000:2m</c> (a ramp),
/// <c>500+2000/10s:2m</c> (and 2,000 more at once every 10 s), <c>max</c>; stages one after another with commas. Pure.
/// </summary>
internal static class RateText
{
    public const string Expected =
        "a rate such as 500, 500:1m, 500-2000:2m (a ramp), 500+2000/10s:2m (bursts), max, or several with commas " +
        "between, of which only the last may have no time";

    private const string Max = "max";
    public const double Highest = 10_000_000;

    public static bool TryParse(string text, out RatePlan plan)
    {
        plan = RatePlan.Unlimited;
        if (text.Trim() == Max)
        {
            return true;
        }

        var stages = text.Split(',').Select(StageOf).ToList();
        if (stages.Contains(null) || stages.SkipLast(1).Any(stage => stage!.For is null)
            || stages[^1] is { For: null, From: 0, Burst: 0 })
        {
            return false;
        }

        plan = new RatePlan([.. stages.OfType<RateStage>()]);
        return plan.Jobs is not 0;
    }

    public static string Format(RatePlan plan) =>
        plan.IsUnlimited ? Max : string.Join(',', plan.Stages.Select(Format));

    private static string Format(RateStage stage)
    {
        var ramp = stage.From == stage.To ? "" : Invariant($"-{stage.To:0.###}");
        var burst = stage.Burst > 0 ? Invariant($"+{stage.Burst:0.###}/{stage.Every.TotalSeconds:0.###}s") : "";
        var time = stage.For is { } length ? Invariant($":{length.TotalSeconds:0.###}s") : "";
        return Invariant($"{stage.From:0.###}{ramp}{burst}{time}");
    }

    private static RateStage? StageOf(string text)
    {
        var (rate, time) = Halves(text, ':');
        var (steady, burst) = Halves(rate, '+');
        var (from, to) = Halves(steady, '-');
        var (size, every) = Halves(burst ?? "0/1s", '/');
        TimeSpan? length = time is not null && DurationText.TryParse(time, out var given) && given > TimeSpan.Zero
            ? given
            : null;
        return NumberOf(from) is { } first && NumberOf(to ?? from) is { } last && NumberOf(size) is { } jobs
            && DurationText.TryParse(every ?? "", out var pause) && pause >= TimeSpan.FromMilliseconds(1)
            && (length is not null || (time is null && to is null))
            ? new RateStage(first, last, length, jobs, jobs > 0 ? pause : default)
            : null;
    }

    private static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number <= Highest
            ? number
            : null;

    private static (string First, string? Second) Halves(string text, char separator)
    {
        var parts = text.Trim().Split(separator, 2);
        return (parts[0], parts.Length > 1 ? parts[1] : null);
    }
}
