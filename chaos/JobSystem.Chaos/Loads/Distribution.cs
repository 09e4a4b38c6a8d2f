namespace JobSystem.Chaos.Loads;

/// <summary>How values are spread: durations in milliseconds, sizes in bytes. Pure.</summary>
/// <param name="Kind">What <paramref name="A"/> and <paramref name="B"/> mean.</param>
/// <param name="A">Constant: the value; exponential: the mean; uniform: the least; lognormal: the median.</param>
/// <param name="B">Uniform: the largest; lognormal: the 99th percentile.</param>
public sealed record Distribution(DistributionKind Kind, double A, double B = 0)
{
    /// <summary>In standard deviations of the normal distribution.</summary>
    private const double P99 = 2.3263478740408408;

    /// <summary>An exponential or lognormal value is cut at so many times its mean or median.</summary>
    public const double Longest = 10;

    public static Distribution Constant(double value) => new(DistributionKind.Constant, value);

    public static Distribution Exponential(double mean) => new(DistributionKind.Exponential, mean);

    /// <summary>Nothing at all.</summary>
    public bool IsZero => Kind == DistributionKind.Constant && A == 0;

    /// <summary>As it reads on a command line, without a unit.</summary>
    public override string ToString() => DistributionText.Format(this, "");

    internal double Draw(ref Draws draws) => Kind switch
    {
        DistributionKind.Exponential => A * Math.Min(Longest, -Math.Log(1 - draws.Next())),
        DistributionKind.Uniform => A + ((B - A) * draws.Next()),
        DistributionKind.Lognormal => A * Math.Min(
            Math.Max(Longest, B / A), Math.Exp(Math.Log(B / A) / P99 * Normal(draws.Next(), draws.Next()))),
        _ => A,
    };

    /// <summary>Box and Muller's.</summary>
    private static double Normal(double one, double other) =>
        Math.Sqrt(-2 * Math.Log(1 - one)) * Math.Cos(2 * Math.PI * other);
}

/// <summary>The shapes that a distribution can have.</summary>
public enum DistributionKind
{
    Constant,
    Exponential,
    Uniform,
    Lognormal,
}

/// <summary>
/// Numbers that follow from a seed (SplitMix64, Steele, Lea and Flood 2014): small enough to be made anew for every
/// job, so that what is drawn for it depends on nothing but its id.
/// </summary>
internal struct Draws(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 up to 1.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public ulong NextBits()
    {
        var bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
