using System.Text.Json;

namespace JobSystem.Cli.Queues;

/// <summary>
/// What operators' policies do to one queue, as the management API tells it: AMQP shows no policy. Pure.
/// </summary>
/// <param name="Queue">The queue's name at the broker.</param>
/// <param name="Policies">The names of the policy and the operator policy in effect, in words.</param>
/// <param name="Definition">What they say together.</param>
/// <param name="RejectsPublishes">A full queue refuses new messages: by an argument of its own, which outranks.</param>
/// <param name="HasNoDeliveryLimit">By an argument of its own, which outranks.</param>
internal sealed record QueuePolicy(
    string Queue, string Policies, IReadOnlyDictionary<string, object?> Definition, bool RejectsPublishes,
    bool HasNoDeliveryLimit)
{
    /// <summary>One queue of the API's answer.</summary>
    public static QueuePolicy From(JsonElement queue)
    {
        var definition = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (queue.TryGetProperty("effective_policy_definition", out var effective)
            && effective.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in effective.EnumerateObject())
            {
                definition[entry.Name] = entry.Value.ValueKind == JsonValueKind.Number
                    && entry.Value.TryGetInt64(out var number) ? number : entry.Value.ToString();
            }
        }

        string?[] names = [Text(queue, "policy"), Text(queue, "operator_policy")];
        queue.TryGetProperty("arguments", out var arguments);
        return new QueuePolicy(
            Text(queue, "name") ?? "?",
            string.Join(" and ", names.Where(name => !string.IsNullOrEmpty(name)).Select(name => $"'{name}'")),
            definition,
            Text(arguments, "x-overflow") is { } overflow && overflow != "drop-head",
            arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty("x-delivery-limit", out var limit)
                && limit.TryGetInt64(out var own) && own < 0);
    }

    /// <summary>A sentence each: policy, loss, cure.</summary>
    public IEnumerable<string> Hazards()
    {
        if ((Number("max-length") ?? Number("max-length-bytes")) is { } most && !Refuses)
        {
            var unit = Number("max-length") is null ? "bytes" : "messages";
            yield return $"The policy {Policies} limits it to {most} {unit}: its oldest jobs are dropped for new " +
                "ones. " + Cure("without the limit, or with overflow reject-publish");
        }

        if (Number("message-ttl") is { } ttl && !IsStep)
        {
            yield return $"The policy {Policies} takes out jobs that wait longer than " +
                $"{TimeSpan.FromMilliseconds(ttl)}: to the dead letters, and out of these for good. " +
                Cure("without message-ttl");
        }

        if (Number("expires") is { } expires)
        {
            yield return $"The policy {Policies} deletes it with its jobs when nobody consumes it for " +
                $"{TimeSpan.FromMilliseconds(expires)}. {Cure("without expires")}";
        }

        if (Number("delivery-limit") is >= 0 and var limit && !HasNoDeliveryLimit)
        {
            yield return $"The policy {Policies} limits deliveries to {limit}: a job whose workers are lost more " +
                "often goes to the dead letters, and a dead letter that other programs look at more often is " +
                "dropped. " + Cure("without delivery-limit");
        }
    }

    // A shorter time to live makes a step of a delay ladder shorter: the job comes back early and waits again.
    private bool IsStep => Queue.Contains(".delay.", StringComparison.Ordinal);

    private bool Refuses => RejectsPublishes
        || (Definition.TryGetValue("overflow", out var overflow) && overflow is string text && text != "drop-head");

    private long? Number(string name) => Definition.TryGetValue(name, out var value) ? value as long? : null;

    private string Cure(string how) =>
        $"Cure: a policy of a higher priority for '{Queue}' {how}, or a pattern of {Policies} that leaves it out.";

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
