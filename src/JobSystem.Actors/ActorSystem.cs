namespace JobSystem.Actors;

/// <summary>
/// A tree of actors: it starts the top-level ones, counts what is not delivered, reports what fails, and stops the
/// whole tree in order, children before parents. Safe for several threads.
/// </summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly ActorSystemOptions _options;
    private readonly Mailbox<Guardian.Nothing> _root;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _spawned;

    /// <summary>Begins an empty system.</summary>
    /// <param name="name">The root of all paths in it.</param>
    /// <param name="options">How it runs; null takes every default.</param>
    public ActorSystem(string name, ActorSystemOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _options = options ?? new ActorSystemOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MailboxCapacity, 1, nameof(options));
        Name = name;
        Dispatcher = _options.Dispatcher ?? new ThreadPoolDispatcher();
        DeadLetters = new DeadLetters(_options.OnDeadLetter);
        _root = CreateMailbox(null, () => new Guardian(_options.Supervision), name, 0, 0);
        _root.Cell.BeginAsRoot();
        _root.Begin();
    }

    /// <summary>The root of all paths in it.</summary>
    public string Name { get; }

    /// <summary>Where its actors run.</summary>
    public IDispatcher Dispatcher { get; }

    /// <summary>What no actor received.</summary>
    public DeadLetters DeadLetters { get; }

    /// <summary>Ends when every actor of the system has stopped, whoever began it.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>The failure that escalated to the root and so stopped the system; null when there was none.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Starts a top-level actor.</summary>
    /// <param name="create">Makes an instance: soon, and again at each restart.</param>
    /// <param name="name">Its name; free again when it has stopped. Null numbers it.</param>
    /// <param name="mailboxCapacity">How many messages may wait; 0 takes the default of the options.</param>
    /// <exception cref="ArgumentException">A top-level actor of this name is still there.</exception>
    /// <remarks>In a system that has stopped, the actor stops without ever having been created.</remarks>
    public ActorRef<T> Spawn<T>(Func<Actor<T>> create, string? name = null, int mailboxCapacity = 0)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfNegative(mailboxCapacity);
        if (name is not null)
        {
            _root.Cell.Names.Reserve(name);
        }

        int number = Interlocked.Increment(ref _spawned);
        Mailbox<T> child = CreateMailbox(_root, create, name, number, mailboxCapacity);
        _root.Enqueue(new SystemMessage.Adopt(child));
        return child;
    }

    /// <summary>Stops every actor, children before parents; ends when all have stopped.</summary>
    public Task StopAsync()
    {
        _root.Enqueue(new SystemMessage.Stop());
        return Stopped;
    }

    /// <summary>Stops one actor of this system, and ends when it and all its children have.</summary>
    public Task StopAsync(ActorRef actor)
    {
        Local(actor).Enqueue(new SystemMessage.Stop());
        return WhenStopped(actor);
    }

    /// <summary>Ends when an actor of this system has stopped; at once when it has already.</summary>
    /// <exception cref="ArgumentException">It is not an actor of this system.</exception>
    public Task WhenStopped(ActorRef actor)
    {
        var subscription = new TaskSubscription();
        Local(actor).Enqueue(new SystemMessage.Watch(subscription));
        return subscription.Task;
    }

    /// <summary>Asks an actor and waits for its answer: for code outside of actors.</summary>
    /// <param name="actor">Whom to ask.</param>
    /// <param name="question">Makes the message, with the address the answer goes to.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancel">Ends the wait; the question stays asked.</param>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    /// <exception cref="InvalidOperationException">The actor has stopped, or its mailbox is full.</exception>
    public Task<TReply> AskAsync<TMessage, TReply>(
        ActorRef<TMessage> actor,
        Func<ActorRef<TReply>, TMessage> question,
        TimeSpan timeout,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(question);
        var reply = new Reply<TReply>(this, actor.Path);
        if (!actor.TryTell(question(reply)))
        {
            reply.Fail(new InvalidOperationException($"{actor} takes no question: it has stopped, or is full."));
        }

        return reply.WaitAsync(timeout, cancel);
    }

    /// <summary>As <see cref="StopAsync()"/>.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    internal Mailbox<T> CreateMailbox<T>(
        ILocalActor? parent, Func<Actor<T>> create, string? name, int number, int capacity) =>
        new(this, parent, create, name, number, capacity == 0 ? _options.MailboxCapacity : capacity);

    internal void Report(ILocalActor actor, Exception failure, SupervisionDecision decision)
    {
        try
        {
            _options.OnFailure?.Invoke(new ActorFailure(actor.Ref.Path, failure, decision));
        }
        catch (Exception)
        {
            // An observer that fails must not fail the tree.
        }
    }

    internal void OnRootFailed(Exception failure) => Failure ??= failure;

    internal void OnStopped(ILocalActor actor)
    {
        if (actor.Parent is { } parent)
        {
            parent.Enqueue(new SystemMessage.ChildStopped(actor));
        }
        else
        {
            _stopped.TrySetResult();
        }
    }

    private ILocalActor Local(ActorRef actor) => actor is ILocalActor local && local.System == this
        ? local
        : throw new ArgumentException($"{actor} is not an actor of the system {Name}.", nameof(actor));
}
