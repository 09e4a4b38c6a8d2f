using JobSystem.Transports;

namespace JobSystem.RabbitMq.Topology;

/// <summary>A queue as it is declared.</summary>
internal sealed record QueuePlan(
    string Name, bool Durable, bool AutoDelete, IReadOnlyDictionary<string, object?> Arguments)
{
    /// <summary>The other differs in nothing but arguments that are declared for some versions of the broker.</summary>
    public bool IsOfAnotherVersion(QueuePlan other) =>
        (Name, Durable, AutoDelete) == (other.Name, other.Durable, other.AutoDelete)
        && Lasting(this).SequenceEqual(Lasting(other));

    private static IOrderedEnumerable<string> Lasting(QueuePlan plan) => plan.Arguments
        .Where(static argument => argument.Key is not ("x-delivery-limit" or "x-consumer-timeout"))
        .Select(static argument => $"{argument.Key}={argument.Value}")
        .Order(StringComparer.Ordinal);
}

/// <summary>
/// The names and arguments of every queue and exchange that we declare. Pure. What is declared here loses no
/// job by itself: quorum, never full by dropping, dead-lettered at least once, with no delivery limit.
/// </summary>
internal static class RabbitTopology
{
    /// <summary>
    /// A delivery may stay unacked this long (24 days, the most that fits 31 bits of milliseconds). The
    /// broker's own default of 30 minutes would run a long job twice.
    /// </summary>
    public const int ConsumerTimeoutMs = 24 * 24 * 60 * 60 * 1000;

    /// <summary>
    /// Before 4.0 no limit cannot be said, and is the default; a queue that was declared so has a limit of 20 when
    /// the broker is upgraded. This one is kept.
    /// </summary>
    public const int LimitThatNoJobReaches = int.MaxValue;

    /// <summary>A lane of ours: a quorum queue, or a classic one where the declaration asks for it.</summary>
    public static QueuePlan QueueOf(
        string queue, Lane lane, RabbitVersion version, QueueKind kind = QueueKind.Quorum)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["x-queue-type"] = kind == QueueKind.Quorum ? "quorum" : "classic",
        };
        if (kind == QueueKind.Quorum)
        {
            AddUnlimitedDeliveries(arguments, version);
            AddConsumerTimeout(arguments, version);
        }

        if (lane == Lane.Dead)
        {
            // Outranks a policy: where an operator limits its length it refuses new ones, and drops none.
            arguments["x-overflow"] = "reject-publish";
        }
        else
        {
            AddDeadLettering(arguments, Lanes.NameOf(queue, Lane.Dead), kind);
        }

        return new QueuePlan(Lanes.NameOf(queue, lane), Durable: true, AutoDelete: false, arguments);
    }

    /// <summary>What a queue would be if it were ours, by its name at the broker.</summary>
    public static QueuePlan ExpectedOf(string name, RabbitVersion version)
    {
        foreach (var lane in (Lane[])[Lane.Dead, Lane.Quarantine])
        {
            var suffix = Lanes.NameOf("", lane);
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                return QueueOf(name[..^suffix.Length], lane, version);
            }
        }

        return QueueOf(name, Lane.Work, version);
    }

    /// <summary>
    /// The queue of a step of the delay ladder. It gives each message back by its original routing key.
    /// </summary>
    public static QueuePlan QueueOf(DelayStep step, RabbitVersion version)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["x-queue-type"] = "quorum",
            ["x-message-ttl"] = (int)step.Length.TotalMilliseconds,
        };
        AddUnlimitedDeliveries(arguments, version);
        AddDeadLettering(arguments, routingKey: null, QueueKind.Quorum);
        return new QueuePlan(step.Name, Durable: true, AutoDelete: false, arguments);
    }

    /// <summary>
    /// Arguments of our consumers, for queues that were declared by somebody else. Classic queues refuse it,
    /// and have no such timeout where the argument is known.
    /// </summary>
    public static Dictionary<string, object?> ConsumerArguments(RabbitVersion version, string? queueKind) =>
        version.KnowsConsumerTimeout && queueKind == "quorum"
            ? new(StringComparer.Ordinal) { ["x-consumer-timeout"] = ConsumerTimeoutMs }
            : [];

    private static void AddDeadLettering(
        Dictionary<string, object?> arguments, string? routingKey, QueueKind kind)
    {
        arguments["x-dead-letter-exchange"] = "";
        if (routingKey is not null)
        {
            arguments["x-dead-letter-routing-key"] = routingKey;
        }

        arguments["x-overflow"] = "reject-publish";
        if (kind == QueueKind.Quorum)
        {
            arguments["x-dead-letter-strategy"] = "at-least-once";
        }
    }

    private static void AddUnlimitedDeliveries(Dictionary<string, object?> arguments, RabbitVersion version)
    {
        arguments["x-delivery-limit"] = version.KnowsUnlimitedDeliveries ? -1 : LimitThatNoJobReaches;
    }

    private static void AddConsumerTimeout(Dictionary<string, object?> arguments, RabbitVersion version)
    {
        if (version.KnowsQueueConsumerTimeout)
        {
            arguments["x-consumer-timeout"] = ConsumerTimeoutMs;
        }
    }
}
