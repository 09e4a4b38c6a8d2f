namespace JobSystem.Actors;

/// <summary>The address of code outside that waits for one answer; a second one is a dead letter.</summary>
internal sealed class Reply<T>(ActorSystem system, ActorPath asked) : ActorRef<T>
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path => asked.Child("$ask");

    internal Task<T> Task => _answer.Task;

    public override void Tell(T message)
    {
        if (!TryTell(message))
        {
            system.DeadLetters.Add(this, message, DeadLetterReason.Stopped);
        }
    }

    public override bool TryTell(T message) => _answer.TrySetResult(message);

    internal void Fail(Exception failure) => _answer.TrySetException(failure);

    internal async Task<T> WaitAsync(TimeSpan timeout, CancellationToken cancel)
    {
        using CancellationTokenRegistration cancelled = cancel.UnsafeRegister(
            static (reply, cancel) => ((Reply<T>)reply!)._answer.TrySetCanceled(cancel), this);
        using ITimer deadline = system.Dispatcher.Clock.CreateTimer(
            _ => Fail(new TimeoutException($"{asked} did not answer within {timeout}.")),
            null, timeout, Timeout.InfiniteTimeSpan);
        return await _answer.Task;
    }
}
