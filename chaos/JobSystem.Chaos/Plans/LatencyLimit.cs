using System.Globalization;

namespace JobSystem.Chaos.Plans;

/// <summary>How long something may take at most, at a percentile.</summary>
/// <param name="Measure">One of <see cref="Measures"/>.</param>
/// <param name="Percentile">From 0 to 100, which is the slowest.</param>
/// <param name="Limit">At most.</param>
public sealed record LatencyLimit(string Measure, double Percentile, TimeSpan Limit)
{
    /// <summary>What can be limited: the names of <see cref="LatencyMeasure.All"/>.</summary>
    public static IReadOnlyList<string> Measures { get; } = [.. LatencyMeasure.All.Select(measure => measure.Name)];

    public static string Expected { get; } =
        $"a measure ({string.Join(", ", Measures)}) and a percentile (p50, p99, p99.9, max)";

    /// <summary>As it is written: <c>confirm.p99</c>.</summary>
    public string Name => Measure + (Percentile >= 100
        ? ".max"
        : string.Create(CultureInfo.InvariantCulture, $".p{Percentile:0.#####}"));

    /// <param name="measure">As in <see cref="Measures"/>.</param>
    /// <param name="point"><c>p99.9</c> or <c>max</c>.</param>
    /// <param name="limit">At most.</param>
    /// <returns>Null: there is no such thing.</returns>
    public static LatencyLimit? Find(string measure, string point, TimeSpan limit)
    {
        var isNumber = double.TryParse(
            point.StartsWith('p') ? point.AsSpan(1) : "", NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var percentile);
        return Measures.Contains(measure) && (point == "max" || (isNumber && percentile <= 100))
            ? new LatencyLimit(measure, isNumber ? percentile : 100, limit)
            : null;
    }
}
