namespace JobSystem.Chaos.Verification.Measuring;

/// <summary>
/// A histogram as a curve over the percentiles, evenly dense on a scale where each step to the right is a tenth of the
/// jobs before it (50, 90, 99, 99.9 %). A few hundred points, however many values there are. Pure.
/// </summary>
internal static class PercentileSpectrum
{
    private const int PointsOfTenfold = 24;

    /// <returns>In their order; the last is the largest value. None where there is no value.</returns>
    public static IReadOnlyList<SpectrumPoint> Of(Histogram histogram)
    {
        var points = new List<SpectrumPoint>();
        foreach (var step in histogram.Steps())
        {
            while (OneOf(points.Count) is var oneOf && oneOf < histogram.Count
                && RankOf(oneOf, histogram.Count) <= step.Total)
            {
                points.Add(new SpectrumPoint(oneOf, step.Value));
            }
        }

        if (histogram.Count > 0)
        {
            points.Add(new SpectrumPoint(histogram.Count, histogram.Max));
        }

        return points;
    }

    private static double OneOf(int index) => Math.Pow(10, (double)index / PointsOfTenfold);

    private static long RankOf(double oneOf, long count) => Math.Max(1, (long)Math.Ceiling((1 - (1 / oneOf)) * count));
}

/// <summary>A point of the curve.</summary>
/// <param name="OneOf">One value of so many is longer: 1/(1-p), so 100 is the 99th percentile.</param>
/// <param name="Value">The others are not.</param>
internal readonly record struct SpectrumPoint(double OneOf, TimeSpan Value);
