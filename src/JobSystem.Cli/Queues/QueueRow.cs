using JobSystem.RabbitMq.Management;

namespace JobSystem.Cli.Queues;

/// <summary>One work queue with what stands in its lanes: a row of the list.</summary>
/// <param name="Queue">The work queue itself.</param>
/// <param name="Quarantined">Waiting in quarantine.</param>
/// <param name="Dead">Its dead letters; null: it has no lane for them.</param>
internal sealed record QueueRow(ListedQueue Queue, long Quarantined, long? Dead)
{
    /// <summary>Queues by name, each with its lanes; a lane whose work queue is gone stands for itself. Pure.</summary>
    public static IReadOnlyList<QueueRow> Group(IReadOnlyList<ListedQueue> queues)
    {
        var byName = queues.ToDictionary(queue => queue.Name, StringComparer.Ordinal);
        return
        [
            .. queues
                .Where(queue => !IsLaneOfAnother(queue.Name))
                .OrderBy(queue => queue.Name, StringComparer.Ordinal)
                .Select(ToRow),
        ];

        QueueRow ToRow(ListedQueue queue) =>
            new(queue, Waiting(Lane.Quarantine, queue.Name) ?? 0, Waiting(Lane.Dead, queue.Name));

        long? Waiting(Lane lane, string name) => byName.GetValueOrDefault(Lanes.NameOf(name, lane)) is { } found
            ? found.Ready + (found.Unacked ?? 0)
            : null;

        bool IsLaneOfAnother(string name) =>
            IsLane(name, Lanes.QuarantineSuffix) || IsLane(name, Lanes.DeadSuffix);

        bool IsLane(string name, string suffix) =>
            name.EndsWith(suffix, StringComparison.Ordinal) && byName.ContainsKey(name[..^suffix.Length]);
    }
}
