namespace JobSystem.RabbitMq.Topology;

/// <summary>Queues in words, for errors. Pure.</summary>
internal static class QueueWords
{
    public static string IsStream(string name) =>
        $"'{name}' is a stream, not a queue: a stream keeps what it delivered, so no job in it would ever be " +
        "finished. Cure: take another name, or delete the stream and declare a queue ('jobs queues declare').";

    /// <summary>
    /// A queue exists otherwise than it was to be declared: what it has, what was asked, the ways out.
    /// </summary>
    public static string Otherwise(QueuePlan asked, QueuePlan? has, string brokersWords) =>
        $"The queue '{asked.Name}' exists already, and otherwise than asked. " +
        $"It is {(has is null ? "something that the broker does not tell" : Describe(has, asked))}; " +
        $"asked was {Describe(asked, has ?? asked)}. The broker says: {brokersWords.TrimEnd('.')}. " +
        "Three ways out: adopt it as it is (run a worker on it, without declaring it); take another name; " +
        "or migrate: drain it, delete it and declare it again.";

    /// <summary>Kind, durability, and the arguments in which it differs from another.</summary>
    private static string Describe(QueuePlan plan, QueuePlan other)
    {
        var kind = plan.Arguments.GetValueOrDefault("x-queue-type") as string ?? "classic";
        var differing = plan.Arguments.Keys.Union(other.Arguments.Keys)
            .Where(name => name != "x-queue-type" && !Same(plan, other, name))
            .Order(StringComparer.Ordinal)
            .Select(name => plan.Arguments.TryGetValue(name, out var value)
                ? $"{name}={Quote(value)}"
                : $"no {name}")
            .ToList();
        return $"a {(plan.Durable ? "durable" : "non-durable")} {kind} queue" +
            (plan.AutoDelete ? ", auto-delete" : "") +
            (differing.Count == 0 ? "" : $" with {string.Join(", ", differing)}");
    }

    private static bool Same(QueuePlan one, QueuePlan other, string name) =>
        one.Arguments.TryGetValue(name, out var a) == other.Arguments.TryGetValue(name, out var b)
        && Quote(a) == Quote(b);

    private static string Quote(object? value) => value is string text ? $"'{text}'" : $"{value}";
}
