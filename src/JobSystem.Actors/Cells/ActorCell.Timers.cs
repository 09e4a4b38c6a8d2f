namespace JobSystem.Actors;

/// <summary>What comes back to the actor later: timers by their keys, and pipes.</summary>
internal sealed partial class ActorCell<T>
{
    private Dictionary<object, ActorTimer<T>>? _timers;

    public override void StartTimer(object key, TimeSpan delay, T message) =>
        Start(key, delay, Timeout.InfiniteTimeSpan, message);

    public override void StartPeriodicTimer(object key, TimeSpan period, T message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        Start(key, period, period, message);
    }

    public override void CancelTimer(object key)
    {
        if (_timers is not null && _timers.Remove(key, out ActorTimer<T>? timer))
        {
            timer.Cancel();
        }
    }

    public override void PipeToSelf<TResult>(
        Func<Task<TResult>> work, Func<TResult, T> onResult, Func<Exception, T> onError)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(onResult);
        ArgumentNullException.ThrowIfNull(onError);
        System.Dispatcher.Run(new Pipe<T, TResult>(_mailbox, _instance, work, onResult, onError).RunAsync);
    }

    /// <summary>A timer that fires once has fired.</summary>
    internal void Forget(ActorTimer<T> timer) => _timers?.Remove(timer.Key);

    private void Start(object key, TimeSpan delay, TimeSpan period, T message)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        CancelTimer(key);
        if (_state == CellState.Running)
        {
            var timer = new ActorTimer<T>(_mailbox, key, message, isPeriodic: period > TimeSpan.Zero);
            (_timers ??= new Dictionary<object, ActorTimer<T>>(1)).Add(key, timer);
            timer.Start(Clock, delay, period);
        }
    }

    private void CancelTimers()
    {
        foreach (ActorTimer<T> timer in _timers?.Values ?? Enumerable.Empty<ActorTimer<T>>())
        {
            timer.Cancel();
        }

        _timers = null;
    }
}
