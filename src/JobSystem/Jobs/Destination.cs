namespace JobSystem;

/// <summary>Where a job is published to: a queue's lane, at once or after a delay.</summary>
/// <param name="Queue">The work queue's name; the transport derives the names of its lanes.</param>
/// <param name="Lane">Which of the queue's lanes.</param>
/// <param name="Delay">Zero: at once. A transport may deliver early (a step of a longer delay), never
/// lose.</param>
public readonly record struct Destination(string Queue, Lane Lane = Lane.Work, TimeSpan Delay = default)
{
    public override string ToString() => Lanes.NameOf(Queue, Lane);
}

/// <summary>The lanes of a queue. Each is a queue of its own at the broker.</summary>
public enum Lane
{
    /// <summary><c>NAME</c>: where jobs wait for a free slot.</summary>
    Work,

    /// <summary><c>NAME.quarantine</c>: jobs whose workers died; each worker takes one at a time.</summary>
    Quarantine,

    /// <summary><c>NAME.dead</c>: dead letters, kept until somebody requeues or purges them.</summary>
    Dead,
}

/// <summary>The names of lanes: the same on every transport.</summary>
public static class Lanes
{
    public const string QuarantineSuffix = ".quarantine";
    public const string DeadSuffix = ".dead";

    public static string NameOf(string queue, Lane lane) => lane switch
    {
        Lane.Work => queue,
        Lane.Quarantine => queue + QuarantineSuffix,
        Lane.Dead => queue + DeadSuffix,
        _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, "No such lane."),
    };
}
