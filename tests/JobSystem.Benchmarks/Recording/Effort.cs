namespace JobSystem.Benchmarks.Recording;

/// <summary>How much is measured: all that a record takes, or as little as shows that everything works.</summary>
/// <param name="IsQuick">A quarter of the jobs, three rounds at most.</param>
/// <param name="FixedRounds">So many rounds instead; null: as many as the part wants.</param>
internal sealed record Effort(bool IsQuick, int? FixedRounds = null)
{
    public int Rounds(int full) => FixedRounds ?? (IsQuick ? Math.Min(full, 3) : full);

    public int Jobs(int full) => IsQuick ? full / 4 : full;
}
