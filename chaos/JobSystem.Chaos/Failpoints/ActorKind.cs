using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Processing;

namespace JobSystem.Chaos.Failpoints;

/// <summary>A kind of actor of a worker under test that can be made to crash.</summary>
/// <param name="Name">As experiments call it.</param>
/// <param name="Type">Of the actor.</param>
/// <param name="IsOfGroup">It is restarted with its siblings, and that counts against a budget: past it the tree
/// ends.</param>
/// <param name="Rule">What its parent must decide, as ARCHITECTURE.md draws it.</param>
/// <param name="Paths">Under the guardian, where one is woken up that hears nothing.</param>
internal sealed record ActorKind(
    string Name, Type Type, bool IsOfGroup, Directive Rule, params IReadOnlyList<string> Paths)
{
    /// <summary>The guardian is none of them, since nobody above it restarts it, nor is the drain: it hears nothing
    /// under load.</summary>
    public static IReadOnlyList<ActorKind> All { get; } =
    [
        new(HistoryEvent.ActorCrashed.Worker, typeof(WorkerActor), IsOfGroup: false, Directive.Restart,
            "queue-*/worker-*"),
        new("consumer", typeof(ConsumerActor), IsOfGroup: false, Directive.Stop, "consume/consumer-*"),
        new("channel", typeof(PublisherChannelActor), IsOfGroup: false, Directive.Stop,
            "publisher/connection/channel-*"),
        new("connection", typeof(ConnectionActor), IsOfGroup: true, Directive.Restart,
            "consume", "publisher/connection"),
        new("publisher", typeof(PublisherActor), IsOfGroup: true, Directive.Restart, "publisher"),
        new("runner", typeof(JobRunner), IsOfGroup: true, Directive.Restart, "queue-*"),
        new("monitor", typeof(MonitorActor), IsOfGroup: true, Directive.Restart, "monitor"),
    ];

    /// <summary>Null: there is none of that name.</summary>
    public static ActorKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
