using System.Text.Json;
using JobSystem.RabbitMq.Topology;

namespace JobSystem.RabbitMq.Management;

/// <summary>
/// What the management API tells of one queue beside AMQP: what operators' policies do to it, and the messages that it
/// has not moved on. Pure.
/// </summary>
/// <param name="Name">The queue's name at the broker.</param>
/// <param name="Policies">The names of the policy and the operator policy in effect, in words.</param>
/// <param name="Definition">What they say together; null: the broker has not told yet (just after its start).</param>
/// <param name="Arguments">The queue's own, which outrank some policies.</param>
internal sealed record ManagedQueue(
    string Name, string Policies, IReadOnlyDictionary<string, object?>? Definition,
    IReadOnlyDictionary<string, object?> Arguments)
{
    public long Ready { get; init; }

    public long ReadyBytes { get; init; }

    /// <summary>Expired or rejected here, and not confirmed by the queue that they go to.</summary>
    public long NotMoved { get; init; }

    /// <summary>One queue of the API's answer.</summary>
    public static ManagedQueue From(JsonElement queue)
    {
        string?[] names = [Text(queue, "policy"), Text(queue, "operator_policy")];
        return new ManagedQueue(
            Text(queue, "name") ?? "?",
            string.Join(" and ", names.Where(name => !string.IsNullOrEmpty(name)).Select(name => $"'{name}'")),
            Table(queue, "effective_policy_definition"),
            Table(queue, "arguments") ?? new Dictionary<string, object?>(StringComparer.Ordinal))
        {
            Ready = Count(queue, "messages_ready"),
            ReadyBytes = Count(queue, "message_bytes_ready"),
            NotMoved = Count(queue, "messages_dlx"),
        };
    }

    /// <summary>A sentence each: policy, loss, cure.</summary>
    public IEnumerable<string> Hazards()
    {
        if ((Policy("max-length") ?? Policy("max-length-bytes")) is { } most && !Refuses)
        {
            var unit = Policy("max-length") is null ? "bytes" : "messages";
            yield return $"The policy {Policies} limits it to {most} {unit}: its oldest jobs are dropped for new " +
                "ones. " + Cure("without the limit, or with overflow reject-publish");
        }

        // A shorter time to live makes a step of a delay ladder shorter: the job comes back early and waits again.
        if (Policy("message-ttl") is { } ttl && !DelayLadder.IsStep(Name))
        {
            yield return $"The policy {Policies} takes out jobs that wait longer than " +
                $"{TimeSpan.FromMilliseconds(ttl)}: to the dead letters, and out of these for good. " +
                Cure("without message-ttl");
        }

        if (Policy("expires") is { } expires)
        {
            yield return $"The policy {Policies} deletes it with its jobs when nobody consumes it for " +
                $"{TimeSpan.FromMilliseconds(expires)}. {Cure("without expires")}";
        }

        if (Policy("delivery-limit") is >= 0 and var limit && Argument("x-delivery-limit") is not < 0)
        {
            yield return $"The policy {Policies} limits deliveries to {limit}: a job whose workers are lost more " +
                "often goes to the dead letters, and a dead letter that other programs look at more often is " +
                "dropped. " + Cure("without delivery-limit");
        }
    }

    /// <summary>Why it takes no more messages; null: it has room, or drops old ones for new ones.</summary>
    public string? Full()
    {
        if (!Refuses)
        {
            return null;
        }

        return Reached("max-length", Ready, "messages") ?? Reached("max-length-bytes", ReadyBytes, "bytes");

        string? Reached(string limit, long has, string unit)
        {
            var (own, policy) = (Argument($"x-{limit}"), Policy(limit));
            var most = own < policy || policy is null ? own : policy;
            return has >= most
                ? $"it takes no more: {(most == own ? $"its argument x-{limit}" : $"the policy {Policies}")} limits " +
                    $"it to {most} {unit}, and it has {has}. Cure: more workers for it, or a higher limit."
                : null;
        }
    }

    private bool Refuses =>
        (Arguments.GetValueOrDefault("x-overflow") ?? Definition?.GetValueOrDefault("overflow")) is string overflow
        && overflow != "drop-head";

    private long? Policy(string name) => Definition?.GetValueOrDefault(name) as long?;

    private long? Argument(string name) => Arguments.GetValueOrDefault(name) as long?;

    private string Cure(string how) =>
        $"Cure: a policy of a higher priority for '{Name}' {how}, or a pattern of {Policies} that leaves it out.";

    /// <summary>An empty one is told as an empty list by some versions.</summary>
    private static Dictionary<string, object?>? Table(JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var table))
        {
            return null;
        }

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (table.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in table.EnumerateObject())
            {
                values[entry.Name] = entry.Value.ValueKind == JsonValueKind.Number
                    && entry.Value.TryGetInt64(out var number) ? number : entry.Value.ToString();
            }
        }

        return values;
    }

    internal static long Count(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? number : 0;

    internal static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
