namespace JobSystem.Actors;

/// <summary>
/// Somebody's interest in the end of one actor. The watched actor keeps it in a chain; <see cref="Fire"/> runs once,
/// when that actor has stopped.
/// </summary>
internal abstract class Subscription
{
    internal Subscription? Previous { get; set; }

    internal Subscription? Next { get; set; }

    internal abstract void Fire();
}

/// <summary>The interest of another actor: its notification joins the end of that actor's user lane.</summary>
internal sealed class ActorSubscription<T>(Mailbox<T> watcher, ILocalActor watched, T notification) : Subscription
{
    internal ILocalActor Watched => watched;

    internal T Notification => notification;

    internal override void Fire() => watcher.Post(new WatchSignal(this));

    private sealed class WatchSignal : Envelope<T>
    {
        private readonly ActorSubscription<T> _subscription;

        internal WatchSignal(ActorSubscription<T> subscription)
            : base(subscription.Notification)
        {
            _subscription = subscription;
            IsSignal = true;
        }

        internal override bool TryOpen(ActorCell<T> cell, out T message)
        {
            message = Message;
            return cell.TakeSubscription(_subscription);
        }

        internal override void Refuse(Mailbox<T> mailbox, DeadLetterReason reason)
        {
            // The watch ended with its owner.
        }
    }
}

/// <summary>The interest of code outside: a task that completes.</summary>
internal sealed class TaskSubscription : Subscription
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Task => _stopped.Task;

    internal override void Fire() => _stopped.TrySetResult();
}
