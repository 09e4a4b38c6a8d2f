using Akka.Actor;

namespace JobSystem.Actors;

/// <summary>
/// An actor of this system: one type of messages, received synchronously, one at a time. What takes time is piped to
/// itself. Its timers are Akka's (<see cref="IWithTimers"/>): a cancelled one never arrives.
/// Adds to Akka's <see cref="UntypedActor"/> only what that lacks here: the type of its messages, a clock and random
/// numbers that a simulation can own, and <see cref="PipeToSelf"/>.
/// </summary>
internal abstract class TypedActor<TMessage>(ActorEnvironment environment) : UntypedActor, IWithTimers
    where TMessage : class
{
    private Random? _random;

    public ITimerScheduler Timers { get; set; } = null!;

    protected ActorEnvironment Environment => environment;

    protected TimeProvider Clock => environment.TimeProvider;

    protected Random Random => _random ??= environment.CreateRandom(Context);

    protected static new Ref<TMessage> Self => new(Context.Self);

    /// <summary>Handles one message to its end and without blocking: the thread is shared with other actors.</summary>
    protected abstract void Receive(TMessage message);

    protected sealed override void OnReceive(object message)
    {
        if (message is TMessage known)
        {
            Receive(known);
        }
        else
        {
            Unhandled(message);
        }
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        environment.Faults?.BeforeReceive(GetType());
        switch (message)
        {
            case SelfPipe pipe:
                if (pipe.TryOpen(this) is not { } result)
                {
                    return true; // of an earlier instance: a restart begins again
                }

                message = result;
                break;
            case RestartChildren restart:
                restart.Begin(Context);
                return true;
        }

        return base.AroundReceive(receive, message);
    }

    /// <summary>Starts a child, as <see cref="ActorProps"/> describes.</summary>
    /// <param name="create">Makes an instance: now, and again at each restart.</param>
    /// <param name="name">Its name among its siblings, free again when it has ended; null numbers it.</param>
    protected static Ref<TChild> Spawn<TChild>(Func<TypedActor<TChild>> create, string? name = null)
        where TChild : class =>
        new(Context.ActorOf(ActorProps.Of(create), name));

    protected static void Stop<TChild>(Ref<TChild> child)
        where TChild : class =>
        Context.Stop(child.Actor);

    protected static void StopSelf() => Context.Stop(Context.Self);

    /// <summary>
    /// The actor tells itself this message when the other has ended: after all that the other told it.
    /// </summary>
    protected static void Watch<TOther>(Ref<TOther> other, TMessage notification)
        where TOther : class =>
        Context.WatchWith(other.Actor, notification);

    protected void StartTimer(object key, TimeSpan delay, TMessage message) =>
        Timers.StartSingleTimer(key, message, delay, Context.Self);

    /// <summary>
    /// Runs asynchronous work on another turn of the dispatcher and brings its result back as a message, unless this
    /// instance is gone by then.
    /// </summary>
    /// <param name="work">Starts the work; never called inside of this call.</param>
    /// <param name="onResult">Makes the message; called inside of the actor.</param>
    /// <param name="onError">As <paramref name="onResult"/>, when the work threw or was cancelled.</param>
    protected void PipeToSelf<TResult>(
        Func<Task<TResult>> work, Func<TResult, TMessage> onResult, Func<Exception, TMessage> onError) =>
        Context.Dispatcher.Schedule(new SelfPipe<TResult>(this, Context.Self, work, onResult, onError));
}
