using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

// Every message between the actors, in the order of the flow. Events are in the past tense, commands imperative.

/// <summary>What a connection's owner tells itself and hears from its transport.</summary>
internal abstract record ConnectionMessage
{
    public sealed record Connect : ConnectionMessage;

    public sealed record ConnectTimedOut(int Epoch) : ConnectionMessage;

    public sealed record Connected(int Epoch, ITransportConnection Connection) : ConnectionMessage;

    public sealed record ConnectFailed(int Epoch, TransportFailure Failure) : ConnectionMessage;

    public sealed record Lost(int Epoch, TransportFailure Failure) : ConnectionMessage;

    public sealed record BlockedChanged(int Epoch, string? Reason) : ConnectionMessage;

    /// <summary>A tenant (a consumer, the publisher's channel) has ended and says why.</summary>
    public sealed record TenantFailed(int Epoch, int Index, TransportFailure Failure) : ConnectionMessage;

    public sealed record TenantOpened(int Epoch, int Index) : ConnectionMessage;

    public sealed record TenantStopped(int Epoch, int Index) : ConnectionMessage;

    public sealed record ReopenTenant(int Epoch, int Index) : ConnectionMessage;
}

/// <summary>What a consumer of one lane on one channel hears.</summary>
internal abstract record ConsumerMessage
{
    public sealed record Opened(IConsumerChannel Channel) : ConsumerMessage;

    public sealed record OpenFailed(TransportFailure Failure) : ConsumerMessage;

    public sealed record OpenTimedOut : ConsumerMessage;

    public sealed record Delivered(Delivery Delivery) : ConsumerMessage;

    /// <summary>From the job actor: its outcome is durable, so the delivery can be given up.</summary>
    public sealed record Settle(ulong Tag, bool Ack) : ConsumerMessage;

    /// <param name="IsOverdue">Some acks have waited for others long enough.</param>
    public sealed record Flush(bool IsOverdue) : ConsumerMessage
    {
        public static readonly Flush Now = new(IsOverdue: false);
        public static readonly Flush Overdue = new(IsOverdue: true);
    }

    public sealed record Closed(TransportFailure Failure) : ConsumerMessage;

    /// <summary>Drain: no more deliveries; the channel stays open for settles.</summary>
    public sealed record Cancel : ConsumerMessage;

    public sealed record CancelEnded : ConsumerMessage;

    /// <summary>Drain: hand every settle to the channel and say so.</summary>
    public sealed record Finish : ConsumerMessage;
}

/// <summary>
/// A delivery with the consumer that can settle it. The ref is the epoch: a new channel is a new actor.
/// </summary>
internal readonly record struct Arrival(Delivery Delivery, Lane Lane, ActorRef<ConsumerMessage> Consumer);

/// <summary>What a queue's runner hears.</summary>
internal abstract record RunnerMessage
{
    public sealed record JobArrived(Arrival Arrival) : RunnerMessage;

    public sealed record JobEnded(ActorRef<JobMessage> Job, JobEnd End) : RunnerMessage;

    /// <summary>Always before the first arrival from it.</summary>
    public sealed record ConsumerStarted(ActorRef<ConsumerMessage> Consumer) : RunnerMessage;

    public sealed record ConsumerStopped(ActorRef<ConsumerMessage> Consumer) : RunnerMessage;

    public sealed record ConsumerCancelled(ActorRef<ConsumerMessage> Consumer) : RunnerMessage;

    public sealed record ConsumerFinished(ActorRef<ConsumerMessage> Consumer) : RunnerMessage;

    /// <summary>Start nothing more; cancel the consumers; give back what waits; answer when nothing runs.</summary>
    public sealed record Drain(ActorRef<DrainMessage> ReplyTo) : RunnerMessage;

    /// <summary>Drain, the patience is over: cancel what runs.</summary>
    public sealed record CancelRuns : RunnerMessage;

    /// <summary>Drain, the end: say what still runs.</summary>
    public sealed record GiveUp(ActorRef<DrainMessage> ReplyTo) : RunnerMessage;

    public sealed record GetSnapshot(ActorRef<MonitorMessage> ReplyTo) : RunnerMessage;
}

/// <summary>What one job actor hears.</summary>
internal abstract record JobMessage
{
    /// <param name="Outcome">Null: the run obeyed its token.</param>
    public sealed record Ran(JobOutcome? Outcome) : JobMessage;

    /// <summary>The running job's message came again: settle this one too.</summary>
    public sealed record Adopt(Arrival Arrival) : JobMessage;

    public sealed record TimeIsUp : JobMessage
    {
        public static readonly TimeIsUp Instance = new();
    }

    public sealed record GraceIsOver : JobMessage
    {
        public static readonly GraceIsOver Instance = new();
    }

    public sealed record CancelRun : JobMessage
    {
        public static readonly CancelRun Instance = new();
    }

    public sealed record ConfirmIsLate : JobMessage
    {
        public static readonly ConfirmIsLate Instance = new();
    }

    public sealed record CancelTold : JobMessage
    {
        public static readonly CancelTold Instance = new();
    }

    public sealed record SuccessorPublished(EnqueueResult Result) : JobMessage;

    public sealed record PublishSuccessor : JobMessage
    {
        public static readonly PublishSuccessor Instance = new();
    }
}

/// <summary>How a job actor's life ended.</summary>
/// <param name="Outcome">Null when the actor failed itself before there was one: the delivery goes back.</param>
/// <param name="Settlement">What was done. Ack or Replace: the job needs no further run of this message.</param>
/// <param name="Reached">At least one live consumer was told to settle.</param>
/// <param name="Adopted">The further deliveries that were settled with it; null: none.</param>
internal readonly record struct JobEnd(
    JobOutcome? Outcome, Settlement Settlement, bool Reached, IReadOnlyList<Arrival>? Adopted);

/// <summary>What the publisher hears.</summary>
internal abstract record PublisherMessage
{
    /// <param name="Job">The job.</param>
    /// <param name="Destination">Where to.</param>
    /// <param name="Deadline">From now until it is unknown.</param>
    /// <param name="Done">Told once, from the publisher's thread; must return at once.</param>
    public sealed record Publish(Job Job, Destination Destination, TimeSpan Deadline, Action<EnqueueResult> Done)
        : PublisherMessage;

    public sealed record ChannelOpened(ActorRef<ChannelMessage> Owner, IPublisherChannel Channel, long MaxBodyBytes)
        : PublisherMessage;

    public sealed record ChannelStopped(ActorRef<ChannelMessage> Owner) : PublisherMessage;

    public sealed record ChannelFailed(ActorRef<ChannelMessage> Owner, TransportFailure Failure) : PublisherMessage;

    public sealed record Confirmed(ActorRef<ChannelMessage> Owner, ulong Number, bool Multiple) : PublisherMessage;

    public sealed record Rejected(ActorRef<ChannelMessage> Owner, ulong Number, string Reason) : PublisherMessage;

    public sealed record Sweep : PublisherMessage
    {
        public static readonly Sweep Instance = new();
    }

    public sealed record BlockedChanged(string? Reason) : PublisherMessage;

    public sealed record ConnectionLost(TransportFailure Failure) : PublisherMessage;

    /// <summary>Drain: answer when nothing is on its way any more.</summary>
    public sealed record Drain(ActorRef<DrainMessage> ReplyTo) : PublisherMessage;
}

/// <summary>What the owner of the publisher's channel hears.</summary>
internal abstract record ChannelMessage
{
    public sealed record Opened(IPublisherChannel Channel) : ChannelMessage;

    public sealed record OpenFailed(TransportFailure Failure) : ChannelMessage;

    public sealed record OpenTimedOut : ChannelMessage;

    public sealed record Closed(TransportFailure Failure) : ChannelMessage;
}

/// <summary>What the drain hears.</summary>
internal abstract record DrainMessage
{
    public sealed record Begin(TimeSpan Patience, TaskCompletionSource<DrainReport> Report) : DrainMessage;

    public sealed record JobDrained(JobFate Fate) : DrainMessage;

    public sealed record RunnerDrained(ActorRef<RunnerMessage> Runner) : DrainMessage;

    public sealed record PublisherDrained : DrainMessage;

    public sealed record PatienceIsOver : DrainMessage;

    /// <summary>A second signal: do not wait any longer.</summary>
    public sealed record Hurry : DrainMessage;

    public sealed record HardStop : DrainMessage;

    public sealed record Abandoned(ActorRef<RunnerMessage> Runner, IReadOnlyList<JobFate> Fates) : DrainMessage;
}
