using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// The queues of a run hold jobs of this run alone: on somebody else's broker the run has one of its own, and a queue
/// that somebody else uses is refused. What is left of a killed run must not be taken for this run's work.
/// </summary>
internal static class RunQueues
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>The experiment with the queue that the target gives it; queues that it names itself stay.</summary>
    public static Experiment Named(Experiment experiment, ITarget target, string space) =>
        experiment.Workload.Queues is [var only] && only == QueueShare.Usual
            ? experiment with
            {
                Workload = experiment.Workload with
                {
                    Queues = [only with { Name = target.QueueOf(space) ?? only.Name }],
                },
            }
            : experiment;

    /// <exception cref="TargetException">A queue is not empty, or somebody consumes it.</exception>
    public static async Task CheckAsync(string brokerUri, IReadOnlyList<string> queues, TimeProvider clock)
    {
        await using var session = await BrokerSession.OpenAsync(
            BrokerAddress.Parse(brokerUri), _patience, NullLoggerFactory.Instance, clock);
        foreach (var name in queues.SelectMany(queue => Enum.GetValues<Lane>().Select(
            lane => Lanes.NameOf(queue, lane))))
        {
            if (await session.CallAsync(session.Connection.InspectAsync(name)) is { } found
                && Problem(found) is { } problem)
            {
                throw new TargetException(problem);
            }
        }
    }

    /// <summary>Null: the queue can be used. Pure.</summary>
    internal static string? Problem(QueueInfo found) => (found.Ready, found.Consumers) switch
    {
        (> 0, _) => $"The queue '{found.Name}' holds {found.Ready} {(found.Ready == 1 ? "message" : "messages")} " +
            "already: empty it, delete it, or name another under workload.queues.",
        (_, > 0) => $"The queue '{found.Name}' is consumed by somebody else: name another under workload.queues.",
        _ => null,
    };
}
