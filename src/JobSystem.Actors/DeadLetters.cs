namespace JobSystem.Actors;

/// <summary>Why a message was not received.</summary>
public enum DeadLetterReason
{
    /// <summary>The actor had stopped, or stopped with the message still in its mailbox.</summary>
    Stopped,

    /// <summary>The mailbox was full.</summary>
    MailboxFull,

    /// <summary>It was the result of a pipe that an earlier instance of the actor had started.</summary>
    Restarted,
}

/// <summary>A message that was not received.</summary>
/// <param name="Recipient">Whom it was for.</param>
/// <param name="Message">The message; of a pipe its result, or its exception.</param>
/// <param name="Reason">Why it was not received.</param>
public readonly record struct DeadLetter(ActorPath Recipient, object? Message, DeadLetterReason Reason);

/// <summary>Counts the messages that no actor received, so that none is lost in silence.</summary>
public sealed class DeadLetters
{
    private readonly Action<DeadLetter>? _observer;
    private readonly long[] _counts = new long[3];

    internal DeadLetters(Action<DeadLetter>? observer) => _observer = observer;

    /// <summary>All of them since the system began.</summary>
    public long Count => this[DeadLetterReason.Stopped]
        + this[DeadLetterReason.MailboxFull] + this[DeadLetterReason.Restarted];

    /// <summary>Those of one reason since the system began.</summary>
    public long this[DeadLetterReason reason] => Volatile.Read(ref _counts[(int)reason]);

    internal void Add<T>(ActorRef recipient, T message, DeadLetterReason reason)
    {
        Interlocked.Increment(ref _counts[(int)reason]);
        if (_observer is null)
        {
            return;
        }

        try
        {
            _observer(new DeadLetter(recipient.Path, message, reason));
        }
        catch (Exception)
        {
            // An observer that fails must not fail the sender; the letter has been counted.
        }
    }
}
