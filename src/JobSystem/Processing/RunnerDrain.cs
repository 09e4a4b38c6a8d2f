using JobSystem.Actors;

namespace JobSystem.Processing;

/// <summary>
/// How far a runner's drain has come. Consumers may come and go meanwhile (a reconnect). A runner's own.
/// </summary>
internal sealed class RunnerDrain(Ref<DrainMessage> replyTo)
{
    private readonly HashSet<Ref<ConsumerMessage>> _asked = [];

    public Ref<DrainMessage> ReplyTo { get; } = replyTo;

    public HashSet<Ref<ConsumerMessage>> Cancelled { get; } = [];

    public HashSet<Ref<ConsumerMessage>> Finished { get; } = [];

    public bool IsOver { get; set; }

    public bool AskToFinish(Ref<ConsumerMessage> consumer) => _asked.Add(consumer);
}
