using System.Diagnostics;
using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;
using JobSystem.Processing;

namespace JobSystem;

/// <summary>
/// Enqueues jobs: always durable, mandatory and confirmed. Safe for many threads. When
/// <see cref="JobSystemOptions.MaxUnconfirmed"/> enqueues are on their way, further ones wait for their turn; their
/// deadline counts from then.
/// </summary>
public sealed class JobClient
{
    private readonly JobSystemOptions _options;
    private readonly JobMetrics _metrics;
    private readonly TreeRefs _tree;
    private readonly ActorSystem _system;
    private readonly JobRoutes _routes;
    private readonly JobCodec _codec;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly Lock _randomLock = new();

    internal JobClient(
        JobSystemOptions options, JobHostParts parts, JobMetrics metrics, TreeRefs tree, ActorSystem system,
        string host)
    {
        (_options, _metrics, _tree, _system) = (options, metrics, tree, system);
        (_routes, _codec, _clock) = (parts.Routes, parts.Codec, parts.Environment.TimeProvider);
        _random = parts.Environment.CreateRandom($"{system.Name}/{host}/client");
    }

    /// <summary>Enqueues a payload to the queue and as the type that were registered for its .NET type.</summary>
    /// <param name="payload">Encoded as JSON.</param>
    /// <param name="cancellationToken">Ends the waiting, not the enqueue: whether the job runs is then unknown.</param>
    /// <returns>When the broker has confirmed: the job's id.</returns>
    /// <exception cref="EnqueueRejectedException">The broker did not accept the job.</exception>
    /// <exception cref="EnqueueUnknownException">No confirm came before the deadline.</exception>
    public Task<JobId> EnqueueAsync<TPayload>(TPayload payload, CancellationToken cancellationToken = default) =>
        EnqueueAsync(payload, EnqueueOptions.None, cancellationToken);

    /// <inheritdoc cref="EnqueueAsync{TPayload}(TPayload, CancellationToken)"/>
    public async Task<JobId> EnqueueAsync<TPayload>(
        TPayload payload, EnqueueOptions options, CancellationToken cancellationToken = default)
    {
        var (queue, type) = _routes.Find(typeof(TPayload));
        var result = await EnqueueOwnedAsync(_codec.Encode(payload), options with
        {
            Queue = options.Queue ?? queue ?? throw new InvalidOperationException(
                $"No queue is known for {typeof(TPayload)}: register it with AddJob or AddHandler, or set Queue."),
            Type = options.Type ?? type,
            ContentType = options.ContentType ?? JobCodec.ContentType,
        }, cancellationToken);
        return result switch
        {
            EnqueueResult.Confirmed confirmed => confirmed.Id,
            EnqueueResult.Rejected rejected => throw new EnqueueRejectedException(rejected.Id, rejected.Reason),
            EnqueueResult.Unknown unknown => throw new EnqueueUnknownException(unknown.Id, unknown.Reason),
            _ => throw new UnreachableException($"{result}"),
        };
    }

    /// <summary>Enqueues bytes as they are and returns the result as a value instead of an exception.</summary>
    /// <param name="body">The payload. Copied before this returns: the bytes are the caller's again.</param>
    /// <param name="options"><see cref="EnqueueOptions.Queue"/> is needed.</param>
    /// <param name="cancellationToken">As above.</param>
    public Task<EnqueueResult> TryEnqueueAsync(
        ReadOnlyMemory<byte> body, EnqueueOptions options, CancellationToken cancellationToken = default) =>
        EnqueueOwnedAsync(body.ToArray(), options, cancellationToken);

    /// <summary>
    /// Enqueues a dead letter again, from its first attempt, with the same id, payload and headers. Ack the dead
    /// letter only when this is confirmed: a crash in between leaves two, never none.
    /// </summary>
    /// <param name="deadLetter">As it was taken from the dead letters.</param>
    /// <param name="queue">The work queue; usually the one it came from.</param>
    /// <param name="cancellationToken">As above.</param>
    public Task<EnqueueResult> RequeueAsync(Job deadLetter, string queue, CancellationToken cancellationToken = default)
    {
        var again = deadLetter with
        {
            Origin = JobOrigin.Ours,
            Attempt = 1,
            WorkerLosses = 0,
            Epoch = deadLetter.Epoch + 1,
            Failure = null,
            DueAt = null,
            ParkedSince = null,
        };
        return PublishAsync(again, new Destination(queue), deadline: null, cancellationToken);
    }

    /// <summary>Publishes a job that exists already.</summary>
    internal Task<EnqueueResult> PublishAsync(
        Job job, Destination destination, TimeSpan? deadline, CancellationToken cancellationToken) =>
        Telemetry.IsListenedTo
            ? PublishTracedAsync(job, destination, deadline, cancellationToken)
            : SendAsync(job, destination, deadline).WaitAsync(cancellationToken);

    /// <summary>Nobody changes the body any more, however long it is on its way.</summary>
    private Task<EnqueueResult> EnqueueOwnedAsync(
        byte[] body, EnqueueOptions options, CancellationToken cancellationToken)
    {
        var queue = options.Queue ?? throw new ArgumentException("The queue must be set.", nameof(options));
        var now = _clock.GetUtcNow();
        var id = options.Id ?? NewId(now);
        var delay = options.Delay ?? TimeSpan.Zero;
        var job = new Job
        {
            Id = id,
            Origin = JobOrigin.Ours,
            Type = options.Type,
            Body = body,
            ContentType = options.ContentType,
            EnqueuedAt = now,
            DueAt = delay > TimeSpan.Zero ? now + delay : null,
            Timeout = options.Timeout,
            Priority = options.Priority,
        };
        job = options.Headers is { } headers ? job with { Headers = headers } : job;
        return PublishAsync(job, new Destination(queue, Lane.Work, delay), options.Deadline, cancellationToken);
    }

    private async Task<EnqueueResult> PublishTracedAsync(
        Job job, Destination destination, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.StartEnqueue(job.Id, job.Type, destination.Queue);
        var traced = activity is null ? job : job with { TraceParent = activity.Id };
        return await SendAsync(traced, destination, deadline).WaitAsync(cancellationToken);
    }

    private Task<EnqueueResult> SendAsync(Job job, Destination destination, TimeSpan? deadline)
    {
        var answer = new Answer(_system, _metrics, destination.Queue);
        _tree.Publisher.Tell(new PublisherMessage.Publish(
            job, destination, deadline ?? _options.PublishDeadline, answer.Ref));
        return answer.Result;
    }

    private JobId NewId(DateTimeOffset now)
    {
        lock (_randomLock)
        {
            return JobId.New(now, _random);
        }
    }

    /// <summary>Where the publisher's answer to one enqueue goes.</summary>
    private sealed class Answer(ActorSystem system, JobMetrics metrics, string queue)
        : Promise<PublishAnswered, EnqueueResult>(system)
    {
        protected override EnqueueResult Read(PublishAnswered answer)
        {
            metrics.Enqueued(queue, answer.Result);
            return answer.Result;
        }
    }
}
