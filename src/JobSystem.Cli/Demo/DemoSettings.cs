namespace JobSystem.Cli.Demo;

/// <summary>What <c>jobs demo</c> was asked for.</summary>
internal sealed record DemoSettings
{
    public const string JobType = "compress";

    /// <summary>Slots of each worker.</summary>
    public const int Concurrency = 2;

    public int Jobs { get; init; } = 300;

    /// <summary>Workers at a time. One of them is killed in the middle, and another takes its place.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>The same seed makes the same files.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of this run only; deleted at its end.</summary>
    public required string Queue { get; init; }

    public bool Json { get; init; }
}
