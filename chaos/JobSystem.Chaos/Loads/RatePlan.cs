namespace JobSystem.Chaos.Loads;

/// <summary>
/// How many jobs a second are due, stage after stage. It says when jobs are to be enqueued, never whether they could
/// be: whoever falls behind it is late, and is measured so. Pure.
/// </summary>
/// <param name="Stages">In their order; only the last may have no end. None: as fast as the window lets.</param>
public sealed record RatePlan(IReadOnlyList<RateStage> Stages)
{
    private const double Rounding = 1e-6;

    /// <summary>As fast as the producers' window of unconfirmed enqueues lets: nothing is ever late.</summary>
    public static RatePlan Unlimited { get; } = new([]);

    public bool IsUnlimited => Stages.Count == 0;

    /// <summary>Null: it goes on until there are enough jobs.</summary>
    public TimeSpan? Length => IsUnlimited || Stages[^1].For is null
        ? null
        : Stages.Aggregate(TimeSpan.Zero, static (sum, stage) => sum + stage.For!.Value);

    /// <summary>Jobs in all; null: no end.</summary>
    public long? Jobs => Length is { } length ? (long)(CountAt(length) + Rounding) : null;

    /// <param name="perSecond">Above zero.</param>
    /// <param name="length">Null: no end.</param>
    public static RatePlan Constant(double perSecond, TimeSpan? length = null) =>
        new([new RateStage(perSecond, perSecond, length)]);

    /// <summary>All that is due within so long, as a real number: the next job may be under way.</summary>
    public double CountAt(TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds;
        return Pieces()
            .TakeWhile(piece => piece.Start <= seconds)
            .Sum(piece => piece.CountWithin(seconds - piece.Start));
    }

    /// <summary>After which time so many jobs have been due. Null: never, or nobody can say (no rate is set).</summary>
    public TimeSpan? TimeOf(double count)
    {
        foreach (var piece in Pieces())
        {
            if (count <= piece.Count)
            {
                return TimeSpan.FromSeconds(piece.Start + piece.SecondsTo(count));
            }

            count -= piece.Count;
        }

        return null;
    }

    /// <summary>As it reads on a command line.</summary>
    public override string ToString() => RateText.Format(this);

    /// <summary>The plan as pieces on which the rate changes evenly, and bursts between them.</summary>
    internal IEnumerable<RatePiece> Pieces()
    {
        var start = 0.0;
        foreach (var stage in Stages)
        {
            foreach (var piece in stage.Pieces())
            {
                yield return piece with { Start = start + piece.Start };
            }

            start += stage.For?.TotalSeconds ?? 0;
        }
    }
}

/// <summary>A part of a plan.</summary>
/// <param name="From">Jobs a second at its beginning.</param>
/// <param name="To">At its end; between them it changes evenly.</param>
/// <param name="For">How long; null: no end, then the rate is constant.</param>
/// <param name="Burst">So many jobs more are due at once, again and again. Zero: none.</param>
/// <param name="Every">From one burst to the next; the first comes after this time.</param>
public sealed record RateStage(double From, double To, TimeSpan? For, double Burst = 0, TimeSpan Every = default)
{
    internal IEnumerable<RatePiece> Pieces()
    {
        var length = For?.TotalSeconds ?? double.PositiveInfinity;
        var step = Burst > 0 ? Every.TotalSeconds : length;
        for (var (begin, number) = (0.0, 1); begin < length; number++)
        {
            var end = Math.Min(length, number * step);
            yield return new RatePiece(begin, end - begin, RateAt(begin, length), RateAt(end, length), 0);
            if (Burst > 0 && end < length)
            {
                yield return new RatePiece(end, 0, 0, 0, Burst);
            }

            begin = end;
        }
    }

    private double RateAt(double seconds, double length) =>
        double.IsInfinity(length) ? From : From + ((To - From) * seconds / length);
}

/// <summary>Seconds on which the rate changes evenly, or a burst, which has no length.</summary>
internal readonly record struct RatePiece(double Start, double Length, double From, double To, double Burst)
{
    private double Slope => double.IsInfinity(Length) || Length <= 0 ? 0 : (To - From) / Length;

    public double Count => double.IsInfinity(Length)
        ? From > 0 ? double.PositiveInfinity : 0
        : Burst + ((From + To) / 2 * Length);

    public double CountWithin(double seconds) => seconds >= Length
        ? Count
        : (From * seconds) + (Slope / 2 * seconds * seconds);

    /// <summary>After how many seconds of the piece so many jobs have been due.</summary>
    public double SecondsTo(double count) => Burst > 0 || count <= 0
        ? 0
        : 2 * count / (From + Math.Sqrt(Math.Max(0, (From * From) + (2 * Slope * count))));
}
