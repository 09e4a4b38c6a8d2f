namespace JobSystem.Actors;

/// <summary>
/// Runs actors on the .NET thread pool. An actor that is told something by the last message of another actor's
/// run follows it on the same thread, so that a reply costs no trip through the pool; for fairness only so often.
/// </summary>
public sealed class ThreadPoolDispatcher : IDispatcher
{
    /// <summary>Messages an actor handles before others get the thread.</summary>
    internal const int Throughput = 256;

    /// <summary>Runs that may follow each other before the thread goes back to the pool.</summary>
    internal const int MaxFollowers = 64;

    private readonly ulong? _seed;
    private ulong _streams;

    /// <summary>A dispatcher on the thread pool.</summary>
    /// <param name="clock">The clock of the actors; default the real one.</param>
    /// <param name="seed">
    /// The seed of all random numbers, for tests. Default none: then each stream has the entropy of the operating
    /// system, since ids are made of them and 32 bits of seed are too few to keep a fleet's ids apart.
    /// </param>
    public ThreadPoolDispatcher(TimeProvider? clock = null, ulong? seed = null)
    {
        Clock = clock ?? TimeProvider.System;
        _seed = seed;
    }

    /// <inheritdoc/>
    public TimeProvider Clock { get; }

    /// <inheritdoc/>
    public Random CreateRandom(ulong stream) =>
        _seed is { } seed ? new Random(Trace.Fold32(Trace.Mix(seed, stream))) : new Random();

    /// <inheritdoc/>
    public ulong NextStream() => Trace.Mix(Trace.Start, Interlocked.Increment(ref _streams));

    /// <inheritdoc/>
    public void Schedule(IRunnable runnable) => PoolWorker.Schedule(runnable);

    /// <inheritdoc/>
    public void Run(Func<Task> work) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work(), work, preferLocal: true);
}
