namespace JobSystem.Actors;

/// <summary>
/// Asynchronous work of one instance of an actor; itself the envelope that brings the result back. It promises that
/// the result arrives, or is a counted dead letter.
/// </summary>
internal sealed class Pipe<T, TResult> : Envelope<T>
{
    private readonly Mailbox<T> _mailbox;
    private readonly int _instance;
    private readonly Func<Task<TResult>> _work;
    private readonly Func<TResult, T> _onResult;
    private readonly Func<Exception, T> _onError;
    private TResult? _result;
    private Exception? _error;

    internal Pipe(
        Mailbox<T> mailbox,
        int instance,
        Func<Task<TResult>> work,
        Func<TResult, T> onResult,
        Func<Exception, T> onError)
        : base(default!)
    {
        _mailbox = mailbox;
        _instance = instance;
        _work = work;
        _onResult = onResult;
        _onError = onError;
        IsSignal = true;
    }

    internal async Task RunAsync()
    {
        try
        {
            _result = await _work();
        }
        catch (Exception error)
        {
            _error = error;
        }

        _mailbox.Post(this);
    }

    internal override bool TryOpen(ActorCell<T> cell, out T message)
    {
        if (cell.Instance != _instance)
        {
            message = default!;
            Refuse(_mailbox, DeadLetterReason.Restarted);
            return false;
        }

        message = _error is null ? _onResult(_result!) : _onError(_error);
        return true;
    }

    internal override void Refuse(Mailbox<T> mailbox, DeadLetterReason reason) =>
        mailbox.System.DeadLetters.Add<object?>(mailbox, _error is null ? _result : _error, reason);
}
