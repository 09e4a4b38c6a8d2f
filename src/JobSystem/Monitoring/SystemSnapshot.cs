namespace JobSystem.Monitoring;

/// <summary>What a process of the job system is doing at one moment.</summary>
/// <param name="Worker">The process' name.</param>
/// <param name="Broker">The broker in words.</param>
/// <param name="Connections">The connections: <c>consume</c> (where there are queues) and <c>publish</c>.</param>
/// <param name="Queues">A line for each queue.</param>
/// <param name="ActorFailures">Actors that failed and were restarted or stopped: defects of ours.</param>
/// <param name="DeadLetters">Messages between actors that found no receiver.</param>
public sealed record SystemSnapshot(
    string Worker,
    string Broker,
    IReadOnlyList<ConnectionSnapshot> Connections,
    IReadOnlyList<QueueSnapshot> Queues,
    long ActorFailures,
    long DeadLetters);

/// <param name="Role">What it is for.</param>
/// <param name="State">Up, down or blocked.</param>
/// <param name="Reason">Why it is down or blocked, in the broker's words.</param>
/// <param name="Reconnects">How often it was lost, or could not be opened.</param>
public sealed record ConnectionSnapshot(string Role, ConnectionState State, string? Reason, long Reconnects);

public enum ConnectionState
{
    /// <summary>Not there yet, or lost: trying.</summary>
    Down,

    /// <summary>Open, with all its channels.</summary>
    Up,

    /// <summary>Open, but the broker takes no publishes (an alarm).</summary>
    Blocked,
}

/// <param name="Name">The work queue.</param>
/// <param name="Slots">Jobs that may run at a time.</param>
/// <param name="Running">Jobs that do, the oldest first.</param>
/// <param name="Waiting">Deliveries in this process without a free slot (after a reconnect).</param>
/// <param name="Remembered">Finished jobs whose redelivery would be recognised.</param>
/// <param name="Tally">Counts since the start.</param>
public sealed record QueueSnapshot(
    string Name, int Slots, IReadOnlyList<RunningJobSnapshot> Running, int Waiting, int Remembered, QueueTally Tally);

public sealed record RunningJobSnapshot(JobId Id, string? Type, int Attempt, TimeSpan Elapsed);
