namespace JobSystem.Actors;

/// <summary>
/// The one seam of nondeterminism: what runs next, what time it is, where random numbers come from.
/// </summary>
public interface IDispatcher
{
    /// <summary>The only clock of the systems on this dispatcher.</summary>
    TimeProvider Clock { get; }

    /// <summary>Random numbers of a stream; the same seed and stream give the same numbers.</summary>
    Random CreateRandom(ulong stream);

    /// <summary>A stream nobody else on this dispatcher has: two processes in one simulation differ by it.</summary>
    ulong NextStream();

    /// <summary>Runs it soon, on another turn than the caller's. It is handed over once until it has run.</summary>
    void Schedule(IRunnable runnable);

    /// <summary>Starts asynchronous work on another turn. The work handles its own exceptions.</summary>
    void Run(Func<Task> work);
}

/// <summary>Something a dispatcher runs: the mailbox of an actor.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    /// <summary>Names it in a trace: the same in every run of the same program.</summary>
    ulong TraceId { get; }

    /// <summary>Handles up to so many messages. Never on two threads at once.</summary>
    RunResult Run(int messages);
}

/// <summary>What a run did.</summary>
/// <param name="More">It has more to do, and is to run again.</param>
/// <param name="LastMessage">The type of the last message handled, for the trace; null when there was none.</param>
public readonly record struct RunResult(bool More, Type? LastMessage);
