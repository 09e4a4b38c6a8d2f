namespace JobSystem.Cli.Queues;

/// <summary>
/// The hazards that policies make of queues, and whether they could be seen at all: where no management API answers,
/// nothing is known of policies, and nobody may say that there are none.
/// </summary>
/// <param name="Hazards">By the queue's name at the broker.</param>
/// <param name="NotSeen">Why they could not be seen; null: they were.</param>
internal sealed record SeenPolicies(IReadOnlyList<(string Queue, string Hazard)> Hazards, string? NotSeen)
{
    /// <summary>For transports without policies.</summary>
    public static SeenPolicies None { get; } = new([], null);

    /// <param name="api">To ask; null: this transport has no policies.</param>
    /// <param name="queues">Work queues; their lanes and delay steps are looked at, too.</param>
    public static async Task<SeenPolicies> ReadAsync(ManagementApi? api, IReadOnlyList<string> queues)
    {
        if (api is null || queues.Count == 0)
        {
            return None;
        }

        try
        {
            var hazards =
                from policy in await api.PoliciesAsync()
                where queues.Any(queue => IsOf(queue, policy.Queue))
                from hazard in policy.Hazards()
                select (policy.Queue, hazard);
            return new SeenPolicies([.. hazards], null);
        }
        catch (FailedException unseen)
        {
            return new SeenPolicies([], unseen.Message);
        }
    }

    /// <summary>The queue itself, a lane of it, or a step of its delay ladder.</summary>
    public static bool IsOf(string queue, string name) =>
        Enum.GetValues<Lane>().Any(lane => Lanes.NameOf(queue, lane) == name)
        || name.StartsWith($"{queue}.delay.", StringComparison.Ordinal)
        || name.StartsWith("jobs.delay.", StringComparison.Ordinal);
}
