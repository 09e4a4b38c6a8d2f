namespace JobSystem.Benchmarks.Recording;

/// <summary>What is asked for.</summary>
internal sealed record RecordSettings
{
    /// <summary>A URI, or the name of a broker of our own; null: the best that runs here.</summary>
    public string? Broker { get; init; }

    /// <summary>In their order in the document.</summary>
    public required IReadOnlyList<Part> Parts { get; init; }

    public required Effort Effort { get; init; }

    /// <summary>Where the document is written; null: nowhere.</summary>
    public string? Out { get; init; }

    /// <summary>On the command line, as far as they change what is measured; no address of a broker.</summary>
    public required string Arguments { get; init; }
}
