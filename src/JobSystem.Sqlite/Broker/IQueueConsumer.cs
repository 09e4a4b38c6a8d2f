using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Broker;

/// <summary>Somebody for whom messages of one queue are claimed. On the writer's thread.</summary>
internal interface IQueueConsumer
{
    /// <summary>The queue as it was found.</summary>
    QueueInfo Queue { get; }

    /// <summary>The queue's number in the file.</summary>
    long QueueId { get; }

    /// <summary>Its own number in the file.</summary>
    long Consumer { get; }

    /// <summary>There may be something for it in its queue.</summary>
    bool MayLook { get; set; }

    /// <summary>How many more deliveries it takes now.</summary>
    int Room { get; }

    /// <summary>Tells what was claimed for it, when that is durable.</summary>
    void Deliver(IReadOnlyList<ClaimedMessage> messages);

    /// <summary>It gets nothing more: its queue is gone.</summary>
    void End(TransportFailure failure);
}

/// <summary>Somebody who uses the session and is told when it, or what it holds in the file, is lost.</summary>
internal interface ISessionUser
{
    /// <summary>The session has ended.</summary>
    void Lose(TransportFailure failure);

    /// <summary>Others took this process for dead: its consumers and pulls hold nothing any more.</summary>
    void LoseHolders(TransportFailure failure);
}
