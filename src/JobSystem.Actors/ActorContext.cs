namespace JobSystem.Actors;

/// <summary>
/// All an actor may do. For use by the actor itself, inside <c>Starting</c>, <c>Receive</c> and <c>Stopped</c>;
/// it is not for other threads.
/// </summary>
/// <remarks>
/// Children, watches, timers and pipes belong to one instance of the actor. A restart begins with a clean slate:
/// only the address and the messages that were told stay.
/// </remarks>
public abstract class ActorContext<TMessage>
{
    /// <summary>The actor's own address.</summary>
    public abstract ActorRef<TMessage> Self { get; }

    /// <summary>The only clock an actor may read.</summary>
    public abstract TimeProvider Clock { get; }

    /// <summary>The actor's own random numbers, derived from the system's seed and the actor's path.</summary>
    public abstract Random Random { get; }

    /// <summary>Starts a child. It is created on its own first turn, not inside this call.</summary>
    /// <param name="create">Makes an instance: now, and again at each restart.</param>
    /// <param name="name">Its name among its siblings, free again when it has stopped; null numbers it.</param>
    /// <param name="mailboxCapacity">How many messages may wait; 0 takes the system's default.</param>
    /// <exception cref="ArgumentException">A child of this name is still there.</exception>
    public abstract ActorRef<TChild> Spawn<TChild>(
        Func<Actor<TChild>> create, string? name = null, int mailboxCapacity = 0);

    /// <summary>
    /// Stops a child or the actor itself: at once after its present message, its children first. Messages still
    /// in its mailbox become dead letters.
    /// </summary>
    /// <exception cref="ArgumentException">It is neither a child of this actor nor the actor itself.</exception>
    public abstract void Stop(ActorRef childOrSelf);

    /// <summary>Stops the actor itself: the present message is its last.</summary>
    public abstract void StopSelf();

    /// <summary>
    /// Asks for <paramref name="notification"/> when <paramref name="other"/> has stopped, or at once when it has
    /// already. It arrives exactly once, is never refused by a full mailbox, and comes after every message that
    /// the other has told this actor. Watching the same actor again replaces the notification.
    /// </summary>
    public abstract void Watch(ActorRef other, TMessage notification);

    /// <summary>Ends a watch. Its notification does not arrive any more, even if it was already waiting.</summary>
    public abstract void Unwatch(ActorRef other);

    /// <summary>
    /// Sends the actor a message after a delay. A timer of the same key is replaced. The message is never refused
    /// by a full mailbox; that of a cancelled or replaced timer never arrives, even if it was already waiting.
    /// </summary>
    public abstract void StartTimer(object key, TimeSpan delay, TMessage message);

    /// <summary>
    /// Sends the actor a message after each period. As <see cref="StartTimer"/>; of ticks that the actor is too
    /// slow for, one waits and the others are skipped.
    /// </summary>
    public abstract void StartPeriodicTimer(object key, TimeSpan period, TMessage message);

    /// <summary>Cancels a timer; does nothing when there is none of this key.</summary>
    public abstract void CancelTimer(object key);

    /// <summary>
    /// Runs asynchronous work outside the actor and brings its result back as a message, past a full mailbox.
    /// If the actor has stopped or restarted by then, the result is a counted dead letter.
    /// </summary>
    /// <param name="work">Starts the work; called on another turn, never inside this call.</param>
    /// <param name="onResult">Makes the message; called inside the actor, just before it is received.</param>
    /// <param name="onError">As <paramref name="onResult"/>, when the work threw or was cancelled.</param>
    public abstract void PipeToSelf<TResult>(
        Func<Task<TResult>> work, Func<TResult, TMessage> onResult, Func<Exception, TMessage> onError);
}
