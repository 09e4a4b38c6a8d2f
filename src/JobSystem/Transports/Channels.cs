namespace JobSystem.Transports;

/// <summary>
/// A channel that consumes one lane. Settles go only to deliveries that came from it. All calls return at once and
/// never throw for operating errors: a channel that fails tells its listener that it closed. Called from one thread
/// at a time.
/// </summary>
public interface IConsumerChannel : IAsyncDisposable
{
    /// <summary>The queue as it was found, with its hazards.</summary>
    QueueInfo Queue { get; }

    /// <summary>The jobs behind the tags have ended; with <paramref name="multiple"/> all up to this tag.</summary>
    void Ack(ulong tag, bool multiple);

    /// <summary>
    /// Gives a delivery back to the broker, to be delivered again, without blame where the broker can tell.
    /// </summary>
    void Requeue(ulong tag);

    /// <summary>
    /// Has the broker dead-letter a delivery, for a job that cannot be published. Called only where the delivery says
    /// that this loses nothing (<see cref="Delivery.CanBeRejected"/>).
    /// </summary>
    void Reject(ulong tag) => Requeue(tag);

    /// <summary>
    /// One more delivery than the prefetch may be unsettled, beside one that stays so for long; each call one more.
    /// </summary>
    void Widen()
    {
    }

    /// <summary>Undoes one <see cref="Widen"/>.</summary>
    void Narrow()
    {
    }

    /// <summary>
    /// Stops the deliveries; the channel stays open for settles. After the task has ended no delivery is told.
    /// Deliveries told before and not settled go back when the channel is disposed of.
    /// </summary>
    Task CancelAsync();
}

/// <summary>Told by a consumer channel, from any thread, one call at a time.</summary>
public interface IConsumerListener
{
    void OnDelivery(Delivery delivery);

    /// <summary>The channel is gone, or the broker cancelled the consumer: open a new one. Told once, last.</summary>
    void OnClosed(TransportFailure failure);
}

/// <summary>
/// A channel that publishes: always persistent, mandatory and confirmed. Same rules of calling as
/// <see cref="IConsumerChannel"/>.
/// </summary>
public interface IPublisherChannel : IAsyncDisposable
{
    /// <summary>
    /// Publishes one job. Numbers are the caller's, from 1, each one more than the last. The lane is declared first
    /// where that is needed (dead letters, delays): the listener hears only of the publish.
    /// </summary>
    void Publish(ulong number, Job job, Destination destination);
}

/// <summary>Told by a publisher channel, from any thread, one call at a time.</summary>
public interface IPublisherListener
{
    /// <summary>
    /// The broker has taken responsibility; with <paramref name="multiple"/> for all up to this number.
    /// </summary>
    void OnConfirmed(ulong number, bool multiple);

    /// <summary>
    /// The broker refused (nack, or returned as unroutable): it did not accept this job. Only this number.
    /// </summary>
    void OnRejected(ulong number, string reason);

    /// <summary>
    /// As <see cref="OnRejected"/>, and not for a moment: another try would be refused, too, until somebody changes the
    /// broker or the job.
    /// </summary>
    void OnRefused(ulong number, string reason) => OnRejected(number, reason);

    /// <summary>The channel is gone: what is neither confirmed nor rejected is unknown. Told once, last.</summary>
    void OnClosed(TransportFailure failure);
}

/// <summary>Told by a connection, from any thread.</summary>
public interface IConnectionListener
{
    /// <summary>The connection is gone. Told once.</summary>
    void OnClosed(TransportFailure failure);

    /// <summary>The broker takes no publishes for now (an alarm).</summary>
    void OnBlocked(string reason);

    void OnUnblocked();
}

/// <summary>A channel to take messages one by one. What is not acked goes back when it is disposed of.</summary>
public interface IPullChannel : IAsyncDisposable
{
    /// <summary>The next message of the queue, by its name at the broker; null when none is ready.</summary>
    /// <exception cref="TransportException">Also <see cref="TransportFailureKind.NotFound"/>: no such
    /// queue.</exception>
    Task<Delivery?> GetAsync(string queueName);

    Task AckAsync(ulong tag);

    /// <summary>
    /// Gives a message back, however often it is looked at. Where each return counts it goes back at once, behind
    /// the others; else when the channel is disposed of.
    /// </summary>
    Task PutBackAsync(ulong tag) => Task.CompletedTask;
}
