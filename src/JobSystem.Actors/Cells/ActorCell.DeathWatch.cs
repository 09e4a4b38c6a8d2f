namespace JobSystem.Actors;

/// <summary>Death watch: whom this actor watches, and who watches it.</summary>
internal sealed partial class ActorCell<T>
{
    private Dictionary<ActorRef, ActorSubscription<T>>? _watching;
    private Subscription? _firstWatcher;
    private Subscription? _lastWatcher;

    public override void Watch(ActorRef other, T notification)
    {
        if (other is not ILocalActor local || other == _mailbox)
        {
            throw new ArgumentException(
                $"{_mailbox} can watch other actors of this kernel only, but not {other}.", nameof(other));
        }

        if (_state != CellState.Running)
        {
            return;
        }

        Unwatch(other);
        var subscription = new ActorSubscription<T>(_mailbox, local, notification);
        _watching ??= new Dictionary<ActorRef, ActorSubscription<T>>(1, ReferenceEqualityComparer.Instance);
        _watching.Add(other, subscription);
        local.Enqueue(new SystemMessage.Watch(subscription));
    }

    public override void Unwatch(ActorRef other)
    {
        if (_watching is not null && _watching.Remove(other, out ActorSubscription<T>? subscription))
        {
            subscription.Watched.Enqueue(new SystemMessage.Unwatch(subscription));
        }
    }

    /// <summary>The notification has come to its turn: it counts if the watch still stands.</summary>
    internal bool TakeSubscription(ActorSubscription<T> subscription) =>
        _watching is not null
        && _watching.TryGetValue(subscription.Watched.Ref, out ActorSubscription<T>? current)
        && current == subscription
        && _watching.Remove(subscription.Watched.Ref);

    private void UnwatchAll()
    {
        // The order of a dictionary depends on the order of its changes, not on hash codes: it is repeatable.
        foreach (ActorSubscription<T> subscription in _watching?.Values ?? Enumerable.Empty<ActorSubscription<T>>())
        {
            subscription.Watched.Enqueue(new SystemMessage.Unwatch(subscription));
        }

        _watching = null;
    }

    private void AddWatcher(Subscription subscription)
    {
        subscription.Previous = _lastWatcher;
        if (_lastWatcher is null)
        {
            _firstWatcher = subscription;
        }
        else
        {
            _lastWatcher.Next = subscription;
        }

        _lastWatcher = subscription;
    }

    private void RemoveWatcher(Subscription subscription)
    {
        if (subscription.Previous is null)
        {
            _firstWatcher = subscription.Next;
        }
        else
        {
            subscription.Previous.Next = subscription.Next;
        }

        if (subscription.Next is null)
        {
            _lastWatcher = subscription.Previous;
        }
        else
        {
            subscription.Next.Previous = subscription.Previous;
        }
    }

    private void NotifyWatchers()
    {
        for (Subscription? watcher = _firstWatcher; watcher is not null; watcher = watcher.Next)
        {
            watcher.Fire();
        }

        _firstWatcher = _lastWatcher = null;
    }
}
