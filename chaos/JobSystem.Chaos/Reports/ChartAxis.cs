using System.Globalization;

namespace JobSystem.Chaos.Reports;

/// <summary>One axis of a chart: where a value stands, and where lines with numbers are drawn. Pure.</summary>
/// <param name="Min">At its beginning; above zero where it is logarithmic.</param>
/// <param name="Max">At its end.</param>
/// <param name="IsLog">Equal steps are equal ratios.</param>
/// <param name="Say">A value in words.</param>
internal sealed record ChartAxis(double Min, double Max, bool IsLog, Func<double, string> Say)
{
    private static readonly double[] _nice = [1, 2, 5];

    /// <summary>An axis that holds all values, with some room around them.</summary>
    /// <param name="values">None: from 0 to 1.</param>
    /// <param name="isLog">Values that are not above zero are left out then.</param>
    /// <param name="say">A value in words.</param>
    /// <param name="withZero">It begins at zero; not where it is logarithmic.</param>
    public static ChartAxis Around(
        IEnumerable<double> values, bool isLog, Func<double, string> say, bool withZero = false)
    {
        var all = values.Where(value => double.IsFinite(value) && (!isLog || value > 0)).ToList();
        var (least, most) = all.Count == 0 ? (isLog ? 1.0 : 0, 10.0) : (all.Min(), all.Max());
        if (isLog)
        {
            return new ChartAxis(least / 1.25, most * 1.25, true, say);
        }

        least = withZero ? Math.Min(0, least) : least;
        var room = most > least ? (most - least) / 20 : Math.Max(Math.Abs(most) / 10, 1e-9);
        return new ChartAxis(withZero && least == 0 ? 0 : least - room, most + room, false, say);
    }

    /// <summary>From 0 to 1.</summary>
    public double PlaceOf(double value) => IsLog
        ? Math.Log(Math.Max(value, Min) / Min) / Math.Log(Max / Min)
        : (value - Min) / (Max - Min);

    /// <summary>Round values inside of it: five or so.</summary>
    public IEnumerable<double> Ticks() => IsLog && Max / Min > 8 ? Decades() : Evenly();

    private IEnumerable<double> Decades()
    {
        var isLong = Max / Min > 1e4;
        for (var power = Math.Floor(Math.Log10(Min)); power <= Math.Log10(Max); power++)
        {
            foreach (var value in _nice.Select(nice => nice * Math.Pow(10, power))
                .Take(isLong ? 1 : 3).Where(value => value >= Min && value <= Max))
            {
                yield return value;
            }
        }
    }

    private IEnumerable<double> Evenly()
    {
        const int wanted = 5;
        var rough = (Max - Min) / wanted;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * _nice.Append(10).First(nice => nice * unit >= rough);
        for (var index = Math.Ceiling(Min / step); index * step <= Max; index++)
        {
            yield return double.Parse(
                (index * step).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }
    }
}
