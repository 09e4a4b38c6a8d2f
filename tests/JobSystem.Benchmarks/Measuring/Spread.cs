namespace JobSystem.Benchmarks.Measuring;

/// <summary>What several measurements of one thing say together. Pure; at least one.</summary>
internal sealed class Spread
{
    private readonly double[] _sorted;

    public Spread(params IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(_sorted.Length, nameof(values));
    }

    public int Count => _sorted.Length;

    public double Min => _sorted[0];

    public double Max => _sorted[^1];

    /// <summary>The middle one; between the two in the middle where there are two.</summary>
    public double Median => (_sorted[(Count - 1) / 2] + _sorted[Count / 2]) / 2;

    /// <summary>Of one property of what was measured.</summary>
    public static Spread Of<T>(IEnumerable<T> measured, Func<T, double> property) => new(measured.Select(property));

    /// <summary>Run by run: both were measured in the same turn, so the machine's mood is in both.</summary>
    public static Spread Ratios<T>(IEnumerable<T> measured, IEnumerable<T> reference, Func<T, double> property) =>
        new(measured.Zip(reference, (one, other) => property(one) / property(other)));

    /// <summary>The median, and the least and the most where they differ.</summary>
    public string Say(Func<double, string> word) =>
        word(Min) == word(Max) ? word(Median) : $"{word(Median)} ({word(Min)} to {word(Max)})";
}
