namespace JobSystem.Actors;

/// <summary>
/// A pool thread's memory of who runs next. The follower is kept here only as long as the present run may end
/// with the present message; a run that goes on hands it to the pool, where another core can take it.
/// </summary>
internal sealed class PoolWorker
{
    [ThreadStatic]
    private static PoolWorker? _current;

    private bool _running;
    private IRunnable? _follower;

    internal static PoolWorker Current => _current ??= new PoolWorker();

    internal static void Schedule(IRunnable runnable)
    {
        PoolWorker? worker = _current;
        if (worker is not { _running: true })
        {
            ThreadPool.UnsafeQueueUserWorkItem(runnable, preferLocal: false);
            return;
        }

        IRunnable? earlier = worker._follower;
        worker._follower = runnable;
        if (earlier is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(earlier, preferLocal: true);
        }
    }

    /// <summary>The run of a mailbox goes on: whoever waits here would wait for it.</summary>
    internal void ReleaseFollower()
    {
        if (_follower is { } follower)
        {
            _follower = null;
            ThreadPool.UnsafeQueueUserWorkItem(follower, preferLocal: true);
        }
    }

    internal void Execute(IRunnable first)
    {
        ExecutionContext clean = ExecutionContext.Capture()!; // what one actor puts in an AsyncLocal is its own
        _running = true;
        IRunnable? next = first;
        for (int runs = 0; next is not null && runs < ThreadPoolDispatcher.MaxFollowers; runs++)
        {
            if (next.Run(ThreadPoolDispatcher.Throughput).More)
            {
                ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
            }

            ExecutionContext.Restore(clean);
            next = _follower;
            _follower = null;
        }

        _running = false;
        if (next is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }
    }
}
