namespace JobSystem.Transports;

/// <summary>
/// What an operator's interface of the broker tells of queues beside the protocol: policies, and jobs that are not
/// moved. Nothing waits for it: jobs go on where it does not answer.
/// </summary>
public interface IQueueWatch : IDisposable
{
    /// <summary>Looks once. Bounded in time; what could not be seen is said in the survey.</summary>
    /// <param name="queues">Work queues; their lanes and delay steps are looked at, too.</param>
    Task<QueueSurvey> LookAsync(IReadOnlyList<string> queues);
}

/// <summary>What was seen of queues from outside.</summary>
/// <param name="Troubles">One for each thing that somebody should know.</param>
/// <param name="NotSeen">Why not everything could be seen; null: it could. Nobody may call a queue safe then.</param>
public sealed record QueueSurvey(IReadOnlyList<QueueTrouble> Troubles, string? NotSeen)
{
    /// <summary>For transports that have nothing beside their protocol.</summary>
    public static QueueSurvey None { get; } = new([], null);
}

/// <param name="WorkQueue">Whose jobs it concerns.</param>
/// <param name="Queue">The queue itself, a lane or a step of its delay ladder, by its name at the broker.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Text">What was seen and what cures it.</param>
public sealed record QueueTrouble(string WorkQueue, string Queue, QueueTroubleKind Kind, string Text)
{
    /// <summary>Jobs that wait past their time; the queues' own counts do not have them.</summary>
    public long Late { get; init; }
}

public enum QueueTroubleKind
{
    /// <summary>Jobs can be lost.</summary>
    Loss,

    /// <summary>Jobs wait past their time, and the reason was seen.</summary>
    Blocked,

    /// <summary>Worth knowing: a queue is full, or jobs are late and may be on their way.</summary>
    Notice,
}
