using JobSystem.Benchmarks.Measuring;

namespace JobSystem.Benchmarks.Goals;

/// <summary>A number to reach, and how what was measured is judged by it. Pure.</summary>
/// <param name="Measure">What.</param>
/// <param name="What">In words.</param>
/// <param name="Limit">The number.</param>
/// <param name="Word">How it is written.</param>
internal sealed record Goal(Measure Measure, string What, double Limit, Func<double, string> Word)
{
    /// <summary>The limit is the least; else it is the most.</summary>
    public bool IsLeast { get; init; }

    /// <summary>Each single time must keep it; else the median does.</summary>
    public bool IsForEach { get; init; }

    public string Text => $"{(IsLeast ? "≥" : "≤")} {Word(Limit)}";

    public bool IsMetBy(Spread measured)
    {
        var figure = IsForEach ? IsLeast ? measured.Min : measured.Max : measured.Median;
        return IsLeast ? figure >= Limit : figure <= Limit;
    }
}
