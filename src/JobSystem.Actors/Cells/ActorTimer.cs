namespace JobSystem.Actors;

/// <summary>
/// A timer of one actor. When it fires, a signal joins the user lane; whether the timer still counts is asked inside
/// the actor, when the signal's turn has come: so a cancelled timer never arrives.
/// </summary>
internal sealed class ActorTimer<T>(Mailbox<T> mailbox, object key, T message, bool isPeriodic)
{
    private ITimer? _timer;
    private bool _cancelled;
    private int _waiting;

    internal object Key => key;

    /// <summary>In the chain of its actor.</summary>
    internal ActorTimer<T>? Next { get; set; }

    internal void Start(TimeProvider clock, TimeSpan delay, TimeSpan period) =>
        _timer = clock.CreateTimer(static timer => ((ActorTimer<T>)timer!).Fire(), this, delay, period);

    internal void Cancel()
    {
        _cancelled = true;
        _timer!.Dispose();
    }

    private void Fire()
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 0)
        {
            mailbox.Post(new TimerSignal(this, message));
        }
    }

    private bool TryTake(ActorCell<T> cell)
    {
        Volatile.Write(ref _waiting, 0);
        if (!_cancelled && !isPeriodic)
        {
            cell.Forget(this);
            _timer!.Dispose();
        }

        return !_cancelled;
    }

    private sealed class TimerSignal : Envelope<T>
    {
        private readonly ActorTimer<T> _timer;

        internal TimerSignal(ActorTimer<T> timer, T message)
            : base(message)
        {
            _timer = timer;
            IsSignal = true;
        }

        internal override bool TryOpen(ActorCell<T> cell, out T message)
        {
            message = Message;
            return _timer.TryTake(cell);
        }

        internal override void Refuse(Mailbox<T> mailbox, DeadLetterReason reason)
        {
            // It ended with its actor.
        }
    }
}
