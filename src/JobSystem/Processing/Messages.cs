using JobSystem.Actors;
using JobSystem.Handlers;
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

    /// <summary>One delivery stays unsettled for long: another may come beside it.</summary>
    public sealed record Widen : ConsumerMessage;

    /// <summary>It is settled: reverts one <see cref="Widen"/>.</summary>
    public sealed record Narrow : ConsumerMessage;

    /// <summary>From the runner: the outcome is durable, so the delivery can be given up.</summary>
    /// <param name="Tag">Of the delivery.</param>
    /// <param name="Ack">Or requeue.</param>
    /// <param name="Key">Of the job.</param>
    /// <param name="Runner">Hears when the consumer has ended: then nothing was settled.</param>
    public sealed record Settle(ulong Tag, bool Ack, JobKey Key, Ref<RunnerMessage> Runner)
        : ConsumerMessage, INeverUnanswered
    {
        /// <summary>Neither acked nor given back: the broker dead-letters it.</summary>
        public bool Reject { get; init; }

        public void OnReceiverEnded() => Runner.Tell(new RunnerMessage.SettledTooLate(Key, Ack));
    }

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
internal readonly record struct Arrival(Delivery Delivery, Lane Lane, Ref<ConsumerMessage> Consumer);

/// <summary>What a queue's runner hears.</summary>
internal abstract record RunnerMessage
{
    public sealed record JobArrived(Arrival Arrival) : RunnerMessage;

    /// <summary>What the settlement needs is durable: the runner may settle.</summary>
    public sealed record RunEnded(int Slot, long Run, JobOutcome Outcome, Settlement Settlement) : RunnerMessage;

    /// <summary>
    /// The job has ended, and the broker takes neither its successor nor its dead letter: it waits, unacked, and needs
    /// no slot meanwhile.
    /// </summary>
    public sealed record RunIsStuck(int Slot, long Run) : RunnerMessage;

    /// <summary>The worker failed (a defect) and restarts; the run it had is over.</summary>
    public sealed record WorkerFailed(int Slot, long Run) : RunnerMessage;

    /// <summary>The pause after a worker's failure is over.</summary>
    public sealed record RequeueFailed(int Slot, long Run) : RunnerMessage;

    /// <summary>A settle found its consumer ended: nothing reached the broker.</summary>
    public sealed record SettledTooLate(JobKey Key, bool Ack) : RunnerMessage;

    /// <summary>Always before the first arrival from it.</summary>
    public sealed record ConsumerStarted(Ref<ConsumerMessage> Consumer) : RunnerMessage;

    public sealed record ConsumerStopped(Ref<ConsumerMessage> Consumer) : RunnerMessage;

    public sealed record ConsumerCancelled(Ref<ConsumerMessage> Consumer) : RunnerMessage;

    public sealed record ConsumerFinished(Ref<ConsumerMessage> Consumer) : RunnerMessage;

    /// <summary>Start nothing more; cancel the consumers; give back what waits; answer when nothing runs.</summary>
    public sealed record Drain(Ref<DrainMessage> ReplyTo) : RunnerMessage;

    /// <summary>Drain, the patience is over: cancel what runs.</summary>
    public sealed record CancelRuns : RunnerMessage;

    /// <summary>Drain, the end: say what still runs.</summary>
    public sealed record GiveUp(Ref<DrainMessage> ReplyTo) : RunnerMessage;

    public sealed record GetSnapshot(Ref<MonitorMessage> ReplyTo) : RunnerMessage;
}

/// <summary>
/// What a worker hears. It is reused, so each message names the run it belongs to: a late one is of no run any more.
/// </summary>
internal interface IWorkerMessage
{
    long Run { get; }
}

/// <inheritdoc cref="IWorkerMessage"/>
internal static class WorkerMessage
{
    /// <param name="Run">Its number, growing.</param>
    /// <param name="Job">What to run.</param>
    /// <param name="Lane">Where it came from.</param>
    /// <param name="Binding">Its handler; null when its type is unknown.</param>
    /// <param name="Verdict">Not null: it is not to be run, this is its outcome.</param>
    public sealed record Begin(long Run, Job Job, Lane Lane, HandlerBinding? Binding, JobOutcome? Verdict)
        : IWorkerMessage
    {
        /// <inheritdoc cref="Transports.Delivery.CanBeRejected"/>
        public bool CanBeRejected { get; init; }
    }

    public sealed record TimeIsUp(long Run) : IWorkerMessage;

    public sealed record GraceIsOver(long Run) : IWorkerMessage;

    public sealed record Cancel(long Run) : IWorkerMessage;

    public sealed record ConfirmIsLate(long Run) : IWorkerMessage;

    public sealed record PublishSuccessor(long Run) : IWorkerMessage;
}

/// <summary>The one answer to a publish.</summary>
/// <param name="Run">What the publish named; 0 outside of a run.</param>
/// <param name="Result">What became of it.</param>
internal sealed record PublishAnswered(long Run, EnqueueResult Result) : IWorkerMessage;

/// <summary>What the publisher hears.</summary>
internal abstract record PublisherMessage
{
    /// <param name="Job">The job.</param>
    /// <param name="Destination">Where to.</param>
    /// <param name="Deadline">From its admission until it is unknown.</param>
    /// <param name="ReplyTo">Told once.</param>
    /// <param name="Run">Of the run whose successor it is: bounded by the slots, so it is admitted at once. 0: a
    /// client's, which waits while too many are unanswered.</param>
    public sealed record Publish(
        Job Job, Destination Destination, TimeSpan Deadline, Ref<PublishAnswered> ReplyTo, long Run = 0)
        : PublisherMessage, INeverUnanswered
    {
        public void Answer(EnqueueResult result) => ReplyTo.Tell(new PublishAnswered(Run, result));

        public void OnReceiverEnded() =>
            Answer(new EnqueueResult.Rejected(Job.Id, "never sent: the job system has stopped"));
    }

    /// <summary>A channel takes publishes; the first one is number 1.</summary>
    public sealed record ChannelOpened(Ref<ChannelMessage> Channel, long MaxBodyBytes)
        : PublisherMessage;

    public sealed record ChannelStopped(Ref<ChannelMessage> Channel) : PublisherMessage;

    public sealed record ChannelFailed(Ref<ChannelMessage> Channel, TransportFailure Failure) : PublisherMessage;

    public sealed record Confirmed(Ref<ChannelMessage> Channel, ulong Number, bool Multiple) : PublisherMessage;

    public sealed record Rejected(Ref<ChannelMessage> Channel, ulong Number, string Reason, bool IsFinal = false)
        : PublisherMessage;

    public sealed record Sweep : PublisherMessage
    {
        public static readonly Sweep Instance = new();
    }

    public sealed record BlockedChanged(string? Reason) : PublisherMessage;

    public sealed record ConnectionLost(TransportFailure Failure) : PublisherMessage;

    /// <summary>Drain: answer when nothing is on its way any more.</summary>
    public sealed record Drain(Ref<DrainMessage> ReplyTo) : PublisherMessage;
}

/// <summary>What the owner of the publisher's channel hears.</summary>
internal abstract record ChannelMessage
{
    public sealed record Opened(IPublisherChannel Channel) : ChannelMessage;

    public sealed record OpenFailed(TransportFailure Failure) : ChannelMessage;

    public sealed record OpenTimedOut : ChannelMessage;

    /// <summary>Numbers are the publisher's, from 1, each one more than the last.</summary>
    public sealed record Send(ulong Number, Job Job, Destination Destination) : ChannelMessage;

    public sealed record Closed(TransportFailure Failure) : ChannelMessage;

    /// <summary>The channel confirms nothing any more: give it up, with its connection.</summary>
    public sealed record GiveUp(TransportFailure Failure) : ChannelMessage;
}

/// <summary>What the drain hears.</summary>
internal abstract record DrainMessage
{
    public sealed record Begin(TimeSpan Patience, Ref<DrainReport> ReplyTo) : DrainMessage, INeverUnanswered
    {
        public void OnReceiverEnded() => ReplyTo.Tell(DrainReport.Nothing);
    }

    public sealed record JobDrained(JobFate Fate) : DrainMessage;

    public sealed record RunnerDrained(Ref<RunnerMessage> Runner) : DrainMessage;

    public sealed record PublisherDrained : DrainMessage;

    public sealed record PatienceIsOver : DrainMessage;

    /// <summary>A second signal: do not wait any longer.</summary>
    public sealed record Hurry : DrainMessage;

    public sealed record HardStop : DrainMessage;

    public sealed record Abandoned(Ref<RunnerMessage> Runner, IReadOnlyList<JobFate> Fates) : DrainMessage;
}
