using JobSystem.Chaos.Loads;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>
/// Where to look for the highest rate that keeps its limits, from all that was tried so far: doubles until a rate
/// fails, then halves the gap (by ratio) down to the precision, then tries both sides of the border again; where two
/// trials of a rate disagree, a third decides. Pure.
/// Promises: ends, whatever the trials say: rates are rounded to three digits and none is tried more than three times.
/// </summary>
internal static class CapacitySearch
{
    /// <param name="range">Where to look, and how closely.</param>
    /// <param name="trials">In any order.</param>
    public static SearchMove Next(SearchRange range, IReadOnlyCollection<RateTrial> trials)
    {
        var votes = trials.GroupBy(trial => trial.Rate).Select(RateVotes.Of).OrderBy(vote => vote.Rate).ToList();
        var high = votes.Find(vote => !vote.IsKept);
        var low = votes.FindLast(vote => vote.IsKept && (high is null || vote.Rate < high.Rate));

        // A tie; or a rate failed that is lower than one that did not: one of both was chance.
        if (votes.Find(vote => vote.IsTied) is { } tied)
        {
            return new SearchMove.Try(tied.Rate);
        }

        if (high is { IsSure: false } && votes.Exists(vote => vote.IsKept && vote.Rate > high.Rate))
        {
            return new SearchMove.Try(high.Rate);
        }

        return (low, high) switch
        {
            (null, null) => new SearchMove.Try(range.From),
            ({ } kept, null) => Grow(range, kept),
            (null, { } failed) => failed.IsSure
                ? new SearchMove.NothingKept(failed.Rate)
                : new SearchMove.Try(failed.Rate),
            var (kept, failed) => Narrow(range, kept, failed),
        };
    }

    /// <summary>Rates with more digits would claim a precision that nobody has.</summary>
    public static double Rounded(double rate)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 2);
        return Math.Round(rate / unit) * unit is var rounded && unit < 1 ? Math.Round(rounded, 3) : rounded;
    }

    private static SearchMove Grow(SearchRange range, RateVotes kept) =>
        kept.Rate < range.Max ? new SearchMove.Try(Math.Min(range.Max, 2 * kept.Rate))
        : !kept.IsSure ? new SearchMove.Try(kept.Rate)
        : new SearchMove.Found(kept.Rate, null);

    private static SearchMove Narrow(SearchRange range, RateVotes kept, RateVotes failed)
    {
        var middle = Rounded(Math.Sqrt(kept.Rate * failed.Rate));
        return failed.Rate / kept.Rate > 1 + range.Precision && middle > kept.Rate && middle < failed.Rate
                ? new SearchMove.Try(middle)
            : !failed.IsSure ? new SearchMove.Try(failed.Rate)
            : !kept.IsSure ? new SearchMove.Try(kept.Rate)
            : new SearchMove.Found(kept.Rate, failed.Rate);
    }

    /// <summary>What the trials of one rate say together.</summary>
    private sealed record RateVotes(double Rate, int Kept, int Failed)
    {
        public bool IsKept => Kept > Failed;

        public bool IsTied => Kept == Failed;

        public bool IsSure => Math.Abs(Kept - Failed) > 1 || Kept + Failed > 2;

        public static RateVotes Of(IGrouping<double, RateTrial> trials) => new(
            trials.Key, trials.Count(trial => trial.IsKept), trials.Count(trial => !trial.IsKept));
    }
}

/// <summary>Where to look.</summary>
/// <param name="From">Jobs a second, tried first.</param>
/// <param name="To">Never more; null: as much as it takes.</param>
/// <param name="Precision">The gap that may be left between what was kept and what was not, as a share.</param>
internal sealed record SearchRange(double From, double? To, double Precision)
{
    public double Max => To ?? RateText.Highest;
}

/// <summary>One trial of a rate.</summary>
internal readonly record struct RateTrial(double Rate, bool IsKept);

/// <summary>What comes next. A closed set.</summary>
internal abstract record SearchMove
{
    private SearchMove()
    {
    }

    public sealed record Try(double Rate) : SearchMove;

    /// <param name="Best">The highest rate that kept the limits.</param>
    /// <param name="FirstFailed">The next that did not; null: there was none up to the end of the range.</param>
    public sealed record Found(double Best, double? FirstFailed) : SearchMove;

    /// <summary>Even the lowest rate does not keep the limits.</summary>
    public sealed record NothingKept(double Rate) : SearchMove;
}
