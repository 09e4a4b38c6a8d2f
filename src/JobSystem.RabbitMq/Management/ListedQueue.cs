using System.Text.Json;
using JobSystem.Transports;

namespace JobSystem.RabbitMq.Management;

/// <summary>A queue as the management API tells it. What it does not know yet of a new one is zero.</summary>
internal sealed record ListedQueue(string Name, string Kind, bool Durable, long Ready, long? Unacked, long Consumers)
{
    /// <summary>Of a broker that lists its queues itself.</summary>
    public static ListedQueue From(QueueInfo queue) =>
        new(queue.Name, queue.Kind ?? "?", queue.Durable == true, queue.Ready, null, queue.Consumers);

    public static ListedQueue From(JsonElement item) => new(
        item.GetProperty("name").GetString()!,
        ManagedQueue.Text(item, "type") ?? "?",
        item.TryGetProperty("durable", out var durable) && durable.ValueKind == JsonValueKind.True,
        ManagedQueue.Count(item, "messages_ready"), ManagedQueue.Count(item, "messages_unacknowledged"),
        ManagedQueue.Count(item, "consumers"));
}
