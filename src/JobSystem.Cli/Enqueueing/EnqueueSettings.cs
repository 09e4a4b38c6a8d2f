using System.Diagnostics;

namespace JobSystem.Cli.Enqueueing;

/// <summary>What <c>jobs enqueue</c> was asked for.</summary>
internal sealed record EnqueueSettings
{
    /// <summary>What all jobs have in common; the id where it was given.</summary>
    public required EnqueueOptions Job { get; init; }

    public required Bodies Source { get; init; }

    /// <summary>How long to wait for the broker.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    public bool Json { get; init; }

    public bool Verbose { get; init; }
}

/// <summary>Where the payloads come from. A closed set.</summary>
internal abstract record Bodies
{
    private Bodies()
    {
    }

    /// <summary>Each one is a job.</summary>
    public sealed record Given(IReadOnlyList<ReadOnlyMemory<byte>> Payloads) : Bodies;

    /// <summary>Each line is a job.</summary>
    public sealed record LinesOf(Stream Input) : Bodies;

    /// <summary>The payloads in order, read as they are taken.</summary>
    /// <exception cref="InvalidDataException">A line is too long to be a job.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel) => this switch
    {
        Given given => given.Payloads.ToAsyncEnumerable(),
        LinesOf lines => LineReader.ReadAsync(lines.Input, cancel),
        _ => throw new UnreachableException($"{this}"),
    };
}
