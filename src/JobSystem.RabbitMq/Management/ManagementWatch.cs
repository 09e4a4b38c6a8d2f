using JobSystem.RabbitMq.Topology;
using JobSystem.Transports;

namespace JobSystem.RabbitMq.Management;

/// <summary>
/// Says what the management API shows of queues: what policies do to them, and delayed jobs that wait past their time.
/// Where it does not answer nothing is known, and nobody may say that there is nothing. Owns the API.
/// </summary>
internal sealed class ManagementWatch(ManagementApi api) : IQueueWatch
{
    public void Dispose() => api.Dispose();

    public async Task<QueueSurvey> LookAsync(IReadOnlyList<string> queues)
    {
        try
        {
            return queues.Count == 0
                ? QueueSurvey.None
                : Judge(queues, await api.PoliciesAsync().ConfigureAwait(false));
        }
        catch (TransportException unseen)
        {
            return new QueueSurvey([], unseen.Failure.Text);
        }
    }

    /// <summary>What is to be said of work queues, of all that the API tells. Pure.</summary>
    public static QueueSurvey Judge(IReadOnlyList<string> queues, IReadOnlyList<ManagedQueue> all)
    {
        var seen = queues.SelectMany(queue => all
            .Where(found => IsOf(queue, found.Name))
            .Select(found => (queue, found)))
            .ToList();
        var losses =
            from each in seen
            from hazard in each.found.Hazards()
            select new QueueTrouble(each.queue, each.found.Name, QueueTroubleKind.Loss, hazard);
        var untold = seen.Where(static each => each.found.Definition is null).Select(static each => each.found.Name);
        return new QueueSurvey(
            [.. losses, .. queues.SelectMany(queue => Late(queue, all))],
            untold.FirstOrDefault() is { } first
                ? $"The broker has not told the policies of '{first}' yet; it does within seconds of its start."
                : null);
    }

    /// <summary>The queue itself, a lane of it, or a step of its delay ladder or of the one that all share.</summary>
    private static bool IsOf(string queue, string name) =>
        Enum.GetValues<Lane>().Any(lane => Lanes.NameOf(queue, lane) == name)
        || DelayLadder.IsStepOf(queue, name) || DelayLadder.IsStepOf(DelayStep.SharedPrefix, name);

    private static IEnumerable<QueueTrouble> Late(string queue, IReadOnlyList<ManagedQueue> all)
    {
        var late = all.Where(each => DelayLadder.IsStepOf(queue, each.Name)).Sum(static each => each.NotMoved);
        var target = all.FirstOrDefault(each => each.Name == queue);
        var why = target is null
            ? $"there is no such queue. Cure: 'jobs queues declare {queue}'; they run then."
            : target.Full();
        if (late > 0)
        {
            yield return new QueueTrouble(
                queue, queue, why is null ? QueueTroubleKind.Notice : QueueTroubleKind.Blocked,
                $"{late} delayed jobs and retries wait past their time in '{queue}.delay.*' and have not moved to " +
                $"'{queue}': {why ?? "why was not seen; they may be on their way."}")
            {
                Late = late,
            };
        }
        else if (target is not null && why is not null)
        {
            yield return new QueueTrouble(
                queue, queue, QueueTroubleKind.Notice,
                $"New jobs are refused, and delayed ones will wait past their time: {why}");
        }
    }
}
