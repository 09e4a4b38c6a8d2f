using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using JobSystem.Monitoring;
using Microsoft.Extensions.Logging;

namespace JobSystem;

/// <summary>
/// What happens to jobs in this process, on the event stream of its actor system. Subscribe an actor:
/// <c>system.EventStream.Subscribe(actor, typeof(JobEvent))</c>, or one of its kinds. Told at most once: it is for
/// people and counters, never a part of a job's fate.
/// </summary>
/// <param name="Host">The job system's name in its actor system.</param>
public abstract record JobEvent(string Host);

/// <summary>A run began.</summary>
/// <param name="Host">See <see cref="JobEvent"/>.</param>
/// <param name="Id">The job.</param>
/// <param name="Type">Its type; null where the sender named none.</param>
/// <param name="Queue">Its work queue.</param>
/// <param name="Attempt">Which run this is, from 1.</param>
public sealed record JobStarted(string Host, JobId Id, string? Type, string Queue, int Attempt) : JobEvent(Host);

/// <inheritdoc cref="JobStarted"/>
/// <summary>The run ended well; the job is acked next.</summary>
public sealed record JobSucceeded(string Host, JobId Id, string? Type, string Queue, int Attempt) : JobEvent(Host);

/// <inheritdoc cref="JobStarted"/>
/// <summary>The run failed or took too long; its next attempt is confirmed by the broker.</summary>
/// <param name="Error">In words.</param>
public sealed record JobFailed(string Host, JobId Id, string? Type, string Queue, int Attempt, string Error)
    : JobEvent(Host);

/// <inheritdoc cref="JobStarted"/>
/// <summary>The job is in the dead letters, with its reason.</summary>
/// <param name="Failure">Why.</param>
public sealed record JobDeadLettered(
    string Host, JobId Id, string? Type, string Queue, int Attempt, JobFailure Failure) : JobEvent(Host);

/// <summary>A connection to the broker is up, down or blocked.</summary>
/// <param name="Host">See <see cref="JobEvent"/>.</param>
/// <param name="Connection">As it is now.</param>
public sealed record ConnectionStateChanged(string Host, ConnectionSnapshot Connection) : JobEvent(Host);

/// <summary>
/// Publishes the events of one tree. Costs nothing while nobody subscribes: no event is made. Akka cannot say whether
/// somebody does, so this looks into the event stream's cache of subscribers (a private field of Akka 1.5.74; a test
/// guards it). A subscriber that throws harms nobody.
/// </summary>
internal sealed class JobEvents(string host, EventStream stream, ILogger log)
{
    public void Started(Job job, string queue)
    {
        if (IsListenedTo<JobStarted>())
        {
            Publish(new JobStarted(host, job.Id, job.Type, queue, job.Attempt));
        }
    }

    public void Concluded(Job job, string queue, JobOutcome outcome, Settlement settlement)
    {
        switch (settlement)
        {
            case Settlement.Ack when IsListenedTo<JobSucceeded>():
                Publish(new JobSucceeded(host, job.Id, job.Type, queue, job.Attempt));
                break;
            case Settlement.Replace { Successor.Failure: { } failure } when IsListenedTo<JobDeadLettered>():
                Publish(new JobDeadLettered(host, job.Id, job.Type, queue, job.Attempt, failure));
                break;
            case Settlement.Replace when outcome is JobOutcome.Failed failed && IsListenedTo<JobFailed>():
                Publish(new JobFailed(host, job.Id, job.Type, queue, job.Attempt, failed.Error));
                break;
            case Settlement.Replace when outcome is JobOutcome.TimedOut late && IsListenedTo<JobFailed>():
                Publish(new JobFailed(host, job.Id, job.Type, queue, job.Attempt,
                    $"The run took longer than its timeout of {late.Limit}."));
                break;
        }
    }

    public void ConnectionChanged(ConnectionSnapshot connection) =>
        Publish(new ConnectionStateChanged(host, connection));

    /// <summary>False only when it is known that nobody is: what was never published is not in the cache yet.</summary>
    internal bool IsListenedTo<TEvent>() =>
        !Cache<object, Type, IActorRef>.Of(stream).TryGetValue(typeof(TEvent), out var subscribers)
        || subscribers.Count > 0;

    private void Publish(JobEvent happened)
    {
        try
        {
            stream.Publish(happened);
        }
#pragma warning disable CA1031 // a subscriber without an actor runs here, and may throw anything
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.EventSubscriberFailed(error);
        }
    }

    /// <summary>The runtime finds a field of a generic class from a class of the same type parameters only.</summary>
    private static class Cache<TEvent, TClassifier, TSubscriber>
        where TClassifier : notnull
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_cache")]
        public static extern ref ConcurrentDictionary<TClassifier, List<TSubscriber>> Of(
            EventBus<TEvent, TClassifier, TSubscriber> bus);
    }
}
