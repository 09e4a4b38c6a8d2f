using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// What stands in the run's queue is destroyed: it is taken off by a consumer of our own and acked, not purged, because
/// of a purge only the number is known. Jobs that workers hold are not touched. Proven by the count.
/// </summary>
internal sealed class QueuePurge(FaultContext context) : Fault
{
    private int _taken;

    public static FaultKind Kind { get; } = new(
        "queue-purge",
        "The messages in the run's queue are destroyed, and each is recorded.",
        [],
        TargetPowers.Amqp,
        static (_, context) => new QueuePurge(context));

    public override string Victim => $"what stands in {context.Queue}";

    public override async Task InjectAsync(CancellationToken cancel)
    {
        await using var drain = await QueueDrain.OpenAsync(context, "purged", cancel);
        await drain.PurgeAsync(cancel);
        _taken = drain.Taken;
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => _taken > 0
        ? Task.FromResult($"{_taken} messages destroyed")
        : throw new NoOccasionException($"The queue {context.Queue} was empty: there was nothing to purge.");
}
