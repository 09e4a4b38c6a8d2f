using JobSystem.Actors;

namespace JobSystem.Processing;

/// <summary>
/// How far a runner's drain has come. Consumers may come and go meanwhile (a reconnect). A runner's own.
/// </summary>
internal sealed class RunnerDrain(ActorRef<DrainMessage> replyTo)
{
    private readonly HashSet<ActorRef<ConsumerMessage>> _asked = [];

    public ActorRef<DrainMessage> ReplyTo { get; } = replyTo;

    public HashSet<ActorRef<ConsumerMessage>> Cancelled { get; } = [];

    public HashSet<ActorRef<ConsumerMessage>> Finished { get; } = [];

    public bool IsOver { get; set; }

    public bool AskToFinish(ActorRef<ConsumerMessage> consumer) => _asked.Add(consumer);
}
