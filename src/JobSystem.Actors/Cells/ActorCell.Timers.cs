namespace JobSystem.Actors;

/// <summary>What comes back to the actor later: timers by their keys, and pipes.</summary>
internal sealed partial class ActorCell<T>
{
    // A chain: an actor has few timers at a time, and most that are born and gone have one.
    private ActorTimer<T>? _firstTimer;

    public override void StartTimer(object key, TimeSpan delay, T message) =>
        Start(key, delay, Timeout.InfiniteTimeSpan, message);

    public override void StartPeriodicTimer(object key, TimeSpan period, T message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        Start(key, period, period, message);
    }

    public override void CancelTimer(object key) => TakeTimer(key)?.Cancel();

    public override void PipeToSelf<TResult>(
        Func<Task<TResult>> work, Func<TResult, T> onResult, Func<Exception, T> onError)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(onResult);
        ArgumentNullException.ThrowIfNull(onError);
        System.Dispatcher.Run(new Pipe<T, TResult>(_mailbox, _instance, work, onResult, onError).RunAsync);
    }

    /// <summary>A timer that fires once has fired.</summary>
    internal void Forget(ActorTimer<T> timer) => TakeTimer(timer.Key);

    private void Start(object key, TimeSpan delay, TimeSpan period, T message)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        CancelTimer(key);
        if (_state == CellState.Running)
        {
            var timer = new ActorTimer<T>(_mailbox, key, message, isPeriodic: period > TimeSpan.Zero);
            (timer.Next, _firstTimer) = (_firstTimer, timer);
            timer.Start(Clock, delay, period);
        }
    }

    private ActorTimer<T>? TakeTimer(object key)
    {
        ActorTimer<T>? previous = null;
        for (ActorTimer<T>? timer = _firstTimer; timer is not null; previous = timer, timer = timer.Next)
        {
            if (!timer.Key.Equals(key))
            {
                continue;
            }

            if (previous is null)
            {
                _firstTimer = timer.Next;
            }
            else
            {
                previous.Next = timer.Next;
            }

            return timer;
        }

        return null;
    }

    private void CancelTimers()
    {
        for (ActorTimer<T>? timer = _firstTimer; timer is not null; timer = timer.Next)
        {
            timer.Cancel();
        }

        _firstTimer = null;
    }
}
