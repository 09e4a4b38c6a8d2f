namespace JobSystem.Chaos.Verification.Measuring;

/// <summary>
/// How much larger the second of each pair is than the first: the median of the ratios, an interval that holds the
/// truth at about 95 % (the pairs are drawn again with replacement, 4,000 times; percentiles), and how likely chance
/// alone does as much (signs of the logarithms flipped: all ways of few pairs, by chance of many). Pure: what is drawn
/// follows from a seed.
/// </summary>
/// <param name="Pairs">How many.</param>
/// <param name="Median">Of the ratios second to first.</param>
/// <param name="Low">Of the interval.</param>
/// <param name="High">Of the interval.</param>
/// <param name="ByChance">Probability.</param>
public sealed record PairedRatio(int Pairs, double Median, double Low, double High, double ByChance)
{
    /// <summary>Of fewer even a difference without any noise could be chance.</summary>
    public const int MinPairs = 6;

    private const int Draws = 4_000;
    private const int MaxExact = 14;
    private const double Outside = 0.025;
    private const double TooLikely = 0.05;
    private const double TooWide = 1.2;

    /// <summary>The interval leaves out 1, and it is not chance.</summary>
    public bool IsDifferent => IsOutside && ByChance < TooLikely;

    /// <summary>More pairs are needed to say anything.</summary>
    public bool IsNoisy => !IsDifferent && (IsOutside || High / Low > TooWide);

    private bool IsOutside => Low > 1 || High < 1;

    /// <param name="pairs">Above zero; others are left out.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>Null: there are too few.</returns>
    public static PairedRatio? Of(IEnumerable<(double First, double Second)> pairs, int seed)
    {
        var logs = pairs.Where(pair => pair is { First: > 0, Second: > 0 })
            .Select(pair => Math.Log(pair.Second / pair.First)).ToArray();
        if (logs.Length < MinPairs)
        {
            return null;
        }

        var random = new Random(seed);
        var medians = Medians(logs, random);
        return new PairedRatio(
            logs.Length, Math.Exp(Trend.Middle([.. logs.Order()])), Math.Exp(medians[(int)(Outside * Draws)]),
            Math.Exp(medians[(int)((1 - Outside) * Draws) - 1]), Chance(logs, random));
    }

    private static double[] Medians(double[] logs, Random random)
    {
        var medians = new double[Draws];
        var drawn = new double[logs.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var index = 0; index < drawn.Length; index++)
            {
                drawn[index] = logs[random.Next(logs.Length)];
            }

            Array.Sort(drawn);
            medians[draw] = Trend.Middle(drawn);
        }

        Array.Sort(medians);
        return medians;
    }

    /// <summary>Were there no difference, each pair could as well have been the other way round.</summary>
    private static double Chance(double[] logs, Random random)
    {
        var seen = Math.Abs(logs.Sum()) * (1 - 1e-12);
        if (logs.Length > MaxExact)
        {
            var hits = Enumerable.Range(0, Draws).Count(_ => Flipped(logs, random.NextInt64()) >= seen);
            return (hits + 1.0) / (Draws + 1);
        }

        var ways = 1 << logs.Length;
        return Enumerable.Range(0, ways).Count(signs => Flipped(logs, signs) >= seen) / (double)ways;

        double Flipped(double[] each, long signs)
        {
            var sum = 0.0;
            for (var index = 0; index < each.Length; index++)
            {
                // Of more pairs than a number has bits the rest is drawn anew.
                signs = index > 0 && index % 60 == 0 ? random.NextInt64() : signs;
                sum += ((signs >> (index % 60)) & 1) == 0 ? each[index] : -each[index];
            }

            return Math.Abs(sum);
        }
    }
}
