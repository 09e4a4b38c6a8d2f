namespace JobSystem.Chaos.Verification.Histories;

/// <summary>What a history must show beside being right, and what is allowed in it.</summary>
public sealed record CheckOptions
{
    /// <summary>Fewer confirmed jobs prove nothing. Default 1.</summary>
    public int MinConfirmed { get; init; } = 1;

    /// <summary>Which dead letters are right. Default: none.</summary>
    public Func<JobId, FailureReason, bool> AllowsDeadLetter { get; init; } = (_, _) => false;

    /// <summary>False: nothing that happens may make a job finish twice (an orderly deploy). Default true.</summary>
    public bool FaultsExplainDuplicates { get; init; } = true;

    /// <summary>Faults that must have taken effect, by name: an experiment without its fault proves nothing.</summary>
    public IReadOnlyList<string> MustHappen { get; init; } = [];

    /// <summary>What makes the history itself doubtful (a file is missing or damaged), a sentence each.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>
    /// False: events may be missing (a file of the ledger is not there, or not to its end). Then only what was seen
    /// counts, never what was not: that a job is lost, for one. Default true.
    /// </summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Of how many wrong jobs the whole life is told. Default 200.</summary>
    public int MaxStories { get; init; } = 200;
}
