namespace JobSystem.Cli.DeadLetters;

/// <summary>What <c>jobs dead</c> was asked for.</summary>
internal sealed record DeadSettings
{
    /// <summary>The work queue whose dead letters are meant.</summary>
    public required string Queue { get; init; }

    /// <summary>All must hold; none: every dead letter is meant.</summary>
    public IReadOnlyList<DeadCondition> Where { get; init; } = [];

    /// <summary>How many that match are dealt with; null: all.</summary>
    public int? Limit { get; init; }

    public bool DryRun { get; init; }

    public bool Yes { get; init; }

    public bool Json { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public string DeadQueue => Lanes.NameOf(Queue, Lane.Dead);

    public bool Matches(Job job, DateTimeOffset now) => Where.All(condition => condition.Holds(job, now));
}
