using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Cli.DeadLetters;

/// <summary>What there is to say of a dead letter. Pure.</summary>
internal static class DeadLetter
{
    private const string Nothing = "-";

    /// <summary>As on the wire, the broker's own reasons too.</summary>
    public static string ReasonOf(Job job) =>
        job.Failure is { } failure ? DeadCondition.NameOf(failure.Reason) : Nothing;

    /// <summary>Since when it is one; null where nobody said it.</summary>
    public static DateTimeOffset? SinceOf(Job job) => job.Failure?.FailedAt;

    public static string AgeOf(Job job, DateTimeOffset now) =>
        SinceOf(job) is { } since ? DurationText.Format(now > since ? now - since : TimeSpan.Zero) : Nothing;

    public static string[] ToRow(Job job, DateTimeOffset now) =>
    [
        job.Id.Value, job.Type ?? Nothing, ReasonOf(job), $"{job.Failure?.Attempts ?? job.Attempt}", AgeOf(job, now),
        Printable.FirstLine(job.Failure?.Error ?? Nothing, 200),
    ];

    /// <summary>Everything but the body.</summary>
    public static (string Name, object? Value)[] ToParts(Job job) =>
    [
        ("id", job.Id.Value), ("type", job.Type), ("reason", ReasonOf(job)),
        ("attempts", job.Failure?.Attempts ?? job.Attempt), ("failedAt", SinceOf(job)),
        ("worker", job.Failure?.Worker), ("queue", job.Failure?.Queue), ("enqueuedAt", job.EnqueuedAt),
        ("contentType", job.ContentType), ("bytes", job.Body.Length), ("headers", job.Headers),
        ("error", job.Failure?.Error),
    ];
}
