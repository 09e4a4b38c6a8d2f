namespace JobSystem.Chaos.Verification.Measuring;

/// <summary>
/// How fast something grows: the median of the slopes between all pairs of points (Theil and Sen), which a quarter of
/// wild values cannot move, and an interval that holds the truth at 95 % (Sen's, after Kendall's test). Pure.
/// </summary>
/// <param name="Slope">A unit of y for a unit of x.</param>
/// <param name="Low">Of the interval.</param>
/// <param name="High">Of the interval.</param>
/// <param name="Level">The median of y.</param>
public sealed record Trend(double Slope, double Low, double High, double Level)
{
    /// <summary>Fewer points say nothing.</summary>
    public const int MinPoints = 6;

    /// <summary>There are half as many pairs as its square.</summary>
    public const int MaxPoints = 500;

    private const double Z95 = 1.959964;

    /// <summary>Of so many points in a row, where there are more than <see cref="MaxPoints"/>, the median counts.
    /// </summary>
    /// <param name="points">In the order of x.</param>
    /// <param name="withMemory">
    /// What is beside the trend may go on for a while before it turns, so neighbours tell less: the interval is wider.
    /// Few points in a row say nothing then.
    /// </param>
    /// <returns>Null: there are too few.</returns>
    public static Trend? Of(IReadOnlyList<(double X, double Y)> points, bool withMemory = true)
    {
        points = Thinned(points);
        if (points.Count < MinPoints)
        {
            return null;
        }

        var slopes = Slopes(points);
        var slope = Middle(slopes);
        var inflation = withMemory ? Inflation(points, slope) : 1;
        var spread = Z95 * Math.Sqrt(inflation * KendallVariance(points.Count));
        return new Trend(
            slope, slopes[Place((slopes.Length - spread) / 2)], slopes[Place((slopes.Length + spread) / 2)],
            Middle([.. points.Select(point => point.Y).Order()]));

        int Place(double rank) => (int)Math.Clamp(Math.Round(rank), 0, slopes.Length - 1);
    }

    /// <param name="sorted">Not empty.</param>
    internal static double Middle(double[] sorted) =>
        (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static IReadOnlyList<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points) =>
        points.Count <= MaxPoints
            ? points
            :
            [
                .. points.Chunk((points.Count + MaxPoints - 1) / MaxPoints).Select(chunk => (
                    chunk.Average(point => point.X), Middle([.. chunk.Select(point => point.Y).Order()]))),
            ];

    private static double[] Slopes(IReadOnlyList<(double X, double Y)> points)
    {
        var slopes = new List<double>(points.Count * (points.Count - 1) / 2);
        for (var first = 0; first < points.Count; first++)
        {
            for (var second = first + 1; second < points.Count; second++)
            {
                var width = points[second].X - points[first].X;
                slopes.Add(width > 0 ? (points[second].Y - points[first].Y) / width : 0);
            }
        }

        slopes.Sort();
        return [.. slopes];
    }

    private static double KendallVariance(double count) => count * (count - 1) * ((2 * count) + 5) / 18;

    /// <summary>Where what is left beside the trend follows itself with the correlation r, so many points tell as
    /// little as (1 - r) / (1 + r) of them that do not.</summary>
    private static double Inflation(IReadOnlyList<(double X, double Y)> points, double slope)
    {
        var rest = points.Select(point => point.Y - (slope * point.X)).ToArray();
        var mean = rest.Average();
        var (all, next) = (0.0, 0.0);
        for (var index = 0; index < rest.Length; index++)
        {
            all += (rest[index] - mean) * (rest[index] - mean);
            next += index == 0 ? 0 : (rest[index] - mean) * (rest[index - 1] - mean);
        }

        var r = all > 0 ? Math.Clamp(next / all, 0, 0.98) : 0;
        return (1 + r) / (1 - r);
    }
}
