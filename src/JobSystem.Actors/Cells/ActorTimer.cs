namespace JobSystem.Actors;

/// <summary>
/// A timer of one actor; itself the envelope that joins the user lane when it fires. Whether it still counts is
/// asked inside the actor, when its turn has come: so a cancelled timer never arrives.
/// </summary>
internal sealed class ActorTimer<T> : Envelope<T>
{
    private readonly Mailbox<T> _mailbox;
    private readonly bool _isPeriodic;
    private ITimer? _timer;
    private bool _cancelled;
    private int _waiting;

    internal ActorTimer(Mailbox<T> mailbox, object key, T message, bool isPeriodic)
        : base(message)
    {
        _mailbox = mailbox;
        _isPeriodic = isPeriodic;
        Key = key;
        IsSignal = true;
    }

    internal object Key { get; }

    internal void Start(TimeProvider clock, TimeSpan delay, TimeSpan period) =>
        _timer = clock.CreateTimer(static timer => ((ActorTimer<T>)timer!).Fire(), this, delay, period);

    internal void Cancel()
    {
        _cancelled = true;
        _timer!.Dispose();
    }

    internal override bool TryOpen(ActorCell<T> cell, out T message)
    {
        message = Message;
        Volatile.Write(ref _waiting, 0);
        if (!_cancelled && !_isPeriodic)
        {
            cell.Forget(this);
            _timer!.Dispose();
        }

        return !_cancelled;
    }

    internal override void Refuse(Mailbox<T> mailbox, DeadLetterReason reason)
    {
        // It ended with its actor.
    }

    private void Fire()
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 0)
        {
            _mailbox.Post(this);
        }
    }
}
