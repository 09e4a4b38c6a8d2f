namespace JobSystem.Transports.InMemory;

/// <summary>What a broker has done since it was made. A copy of one moment.</summary>
public sealed record BrokerCounters
{
    /// <summary>Messages it took responsibility for.</summary>
    public long Stored { get; internal set; }

    public long Confirmed { get; internal set; }

    public long Rejected { get; internal set; }

    /// <summary>Deliveries put on their way, redeliveries included.</summary>
    public long Delivered { get; internal set; }

    public long Acked { get; internal set; }

    /// <summary>Given back on purpose.</summary>
    public long Requeued { get; internal set; }

    /// <summary>Settles of tags that were not outstanding: an error of the client.</summary>
    public long ProtocolErrors { get; internal set; }
}

/// <summary>What a queue holds at one moment.</summary>
/// <param name="Ready">Waiting for a consumer.</param>
/// <param name="Unsettled">Delivered and not settled yet.</param>
/// <param name="Delayed">Waiting for their due time, to come into this queue then.</param>
/// <param name="Consumers">Consumers on it.</param>
public readonly record struct QueueContent(int Ready, int Unsettled, int Delayed, int Consumers)
{
    public int Total => Ready + Unsettled + Delayed;
}
