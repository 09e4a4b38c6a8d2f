using Akka.Actor;

namespace JobSystem.Actors;

/// <summary>
/// The reply-to ref of code outside of actors: the first answer, or Akka's <see cref="Status.Failure"/>, completes its
/// task. Why not Akka's <c>Ask</c>: it
/// registers a temporary actor for each question, which costs more than an enqueue, and its timeout reads the real
/// clock.
/// </summary>
internal abstract class Promise<TAnswer, TResult>(ActorSystem system) : MinimalActorRef
    where TAnswer : class
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path => Provider.DeadLetters.Path;

    public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;

    public Task<TResult> Result => _result.Task;

    public Ref<TAnswer> Ref => new(this);

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is TAnswer answer)
        {
            _result.TrySetResult(Read(answer));
        }
        else if (message is Status.Failure failure)
        {
            _result.TrySetException(failure.Cause);
        }
    }

    /// <summary>On the thread of the actor that answers.</summary>
    protected abstract TResult Read(TAnswer answer);
}

/// <inheritdoc/>
internal sealed class Promise<TAnswer>(ActorSystem system) : Promise<TAnswer, TAnswer>(system)
    where TAnswer : class
{
    protected override TAnswer Read(TAnswer answer) => answer;
}
