namespace JobSystem;

/// <summary>
/// What is done with a delivery. A closed set, decided only by <see cref="SettlementRules.Decide"/>.
/// </summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    /// <summary>The job has ended well: forget the message.</summary>
    public sealed record Ack : Settlement
    {
        public static readonly Ack Instance = new();
    }

    /// <summary>
    /// Publish <paramref name="Successor"/> to <paramref name="Destination"/>, and only when that is
    /// confirmed ack the original. A crash in between duplicates; it never loses.
    /// </summary>
    public sealed record Replace(Job Successor, Destination Destination) : Settlement;

    /// <summary>
    /// Have the broker move the message to the dead letters: for a job that the broker takes no successor of.
    /// </summary>
    public sealed record Reject : Settlement
    {
        public static readonly Reject Instance = new();
    }

    /// <summary>Give the message back to the broker as it is.</summary>
    public sealed record Requeue : Settlement
    {
        public static readonly Requeue Instance = new();
    }
}
