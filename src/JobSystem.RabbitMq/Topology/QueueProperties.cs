namespace JobSystem.RabbitMq.Topology;

/// <summary>What was found out of a queue, and how it can lose jobs. Pure.</summary>
internal sealed record QueueProperties(QueuePlan Plan, RabbitVersion Version)
{
    public string Kind => Plan.Arguments.TryGetValue("x-queue-type", out var kind) && kind is string text
        ? text
        : "classic";

    public bool IsQuorum => Kind == "quorum";

    public bool IsStream => Kind == "stream";

    /// <summary>
    /// A delivery that comes back is never dropped, whatever policy there is: only a limit of its own below zero
    /// outranks one. A classic queue has no limit.
    /// </summary>
    public bool NeverLimitsDeliveries =>
        Kind == "classic" || (Version.KnowsUnlimitedDeliveries && Number("x-delivery-limit") < 0);

    /// <summary>
    /// The broker keeps what is rejected until a dead-letter queue of ours has confirmed it.
    /// </summary>
    public bool DeadLettersSafely =>
        IsQuorum && Plan.Durable && Text("x-dead-letter-exchange") is ""
        && Text("x-dead-letter-strategy") == "at-least-once" && Text("x-overflow") == "reject-publish"
        && Text("x-dead-letter-routing-key")?.EndsWith(Lanes.DeadSuffix, StringComparison.Ordinal) == true;

    /// <summary>A sentence each, with what cures it.</summary>
    public IReadOnlyList<string> Hazards()
    {
        if (IsStream)
        {
            return [QueueWords.IsStream(Plan.Name)];
        }

        var hazards = new List<string>();
        if (!Plan.Durable)
        {
            hazards.Add("It is not durable: its jobs are lost when the broker stops. " +
                "Cure: drain it, delete it and declare it again as a durable queue.");
        }

        if (Plan.AutoDelete)
        {
            hazards.Add("It is auto-delete: it is deleted with its jobs when its last worker stops. " +
                "Cure: drain it, delete it and declare it again without auto-delete.");
        }

        AddDeliveryLimit(hazards);
        AddLengthLimit(hazards);
        AddTimes(hazards);
        return hazards;
    }

    /// <summary>Why it takes no more messages, by its own arguments; null: they do not say so.</summary>
    /// <param name="ready">Messages waiting.</param>
    public string? Full(long ready) =>
        Number("x-max-length") is { } most && ready >= most && (Text("x-overflow") ?? "drop-head") != "drop-head"
            ? $"It takes no more: its argument x-max-length limits it to {most} messages, and it has {ready}. " +
                "Delayed jobs and retries wait past their time until it has room. Cure: more workers for it; or " +
                "drain it, delete it and declare it again with a higher limit."
            : null;

    private bool IsDeadLane => Plan.Name.EndsWith(Lanes.DeadSuffix, StringComparison.Ordinal);

    private bool HasDeadLetterExchange => Plan.Arguments.ContainsKey("x-dead-letter-exchange");

    private void AddDeliveryLimit(List<string> hazards)
    {
        var limit = Number("x-delivery-limit") ?? (Version.LimitsDeliveriesByDefault ? 20 : -1);
        if (IsQuorum && limit is >= 0 and < RabbitTopology.LimitThatNoJobReaches && !HasDeadLetterExchange)
        {
            hazards.Add($"It has a delivery limit of {limit} and no dead-letter exchange: " +
                (IsDeadLane
                    ? "a dead letter that the management UI or another program looks at more often is dropped by " +
                      "the broker ('jobs dead' puts each back as a new message). "
                    : "a job whose workers are lost more often is dropped by the broker. ") +
                "Cure: a policy for this queue with a dead-letter-exchange" +
                (Version.KnowsUnlimitedDeliveries ? ", or with delivery-limit -1." : "."));
        }
    }

    private void AddLengthLimit(List<string> hazards)
    {
        var length = Number("x-max-length");
        var bytes = Number("x-max-length-bytes");
        var overflow = Text("x-overflow") ?? "drop-head";
        if ((length is not null || bytes is not null) && overflow == "drop-head")
        {
            var limit = length is not null ? $"{length} messages" : $"{bytes} bytes";
            hazards.Add($"It holds at most {limit} and drops its oldest jobs for new ones" +
                (HasDeadLetterExchange ? " to its dead-letter exchange" : "") +
                ". Cure: a policy for this queue with overflow reject-publish: it refuses the new ones.");
        }
    }

    private void AddTimes(List<string> hazards)
    {
        if (Number("x-message-ttl") is { } ttl)
        {
            hazards.Add($"It drops jobs that wait longer than {Words(ttl)}" +
                (HasDeadLetterExchange ? " to its dead-letter exchange" : "") +
                ". Cure: drain it, delete it and declare it again without x-message-ttl.");
        }

        if (Number("x-expires") is { } expires)
        {
            hazards.Add($"It is deleted with its jobs when no worker consumes it for {Words(expires)}. " +
                "Cure: drain it, delete it and declare it again without x-expires.");
        }
    }

    private static string Words(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds).ToString();

    private long? Number(string argument) => Plan.Arguments.TryGetValue(argument, out var value)
        ? value switch { long number => number, int number => number, _ => null }
        : null;

    private string? Text(string argument) =>
        Plan.Arguments.TryGetValue(argument, out var value) ? value as string : null;
}
