using JobSystem.Transports;

namespace JobSystem.RabbitMq;

/// <summary>
/// Writes what its owner posts to one channel, in order. While nothing waits, a post is written at once on
/// the owner's thread: no queue, no copy, no other thread. As soon as a write does not end at once (the
/// socket is full, something must be declared first), a loop takes over until nothing waits any more.
/// Promises: one write at a time, in the order of the posts; an error is told once, from another thread than
/// the owner's, and ends it. Posts come from one thread at a time.
/// </summary>
/// <param name="write">Starts one write.</param>
/// <param name="keep">What is kept of a post that waits: a copy of what its owner may change
/// meanwhile.</param>
/// <param name="failed">Told of the error of a write.</param>
/// <param name="capacity">How many posts may wait.</param>
internal sealed class WritePump<T>(
    Func<T, ValueTask> write, Func<T, T> keep, Action<Exception> failed, int capacity)
{
    private readonly Queue<T> _waiting = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _ended;

    /// <summary>False: too many wait. A post after the end is ignored.</summary>
    public bool TryPost(T post)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return true;
            }

            if (_isRunning)
            {
                if (_waiting.Count == capacity)
                {
                    return false;
                }

                _waiting.Enqueue(keep(post));
                return true;
            }

            var writing = Start(post);
            if (!writing.IsCompletedSuccessfully)
            {
                _isRunning = true;
                _running = RunAsync(writing);
            }

            return true;
        }
    }

    /// <summary>Takes no more posts; ends when those that were taken are written or one has failed.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _ended = true;
            return _running;
        }
    }

    /// <summary>Takes no more posts and forgets those that wait.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _ended = true;
            _waiting.Clear();
        }
    }

    private async Task RunAsync(ValueTask writing)
    {
        // The owner is inside of its post, and holds the lock: nothing of this may happen there.
        await Task.Yield();
        try
        {
            await writing.ConfigureAwait(false);
            while (TryNext(out var next))
            {
                await Start(next).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is TransportException
            || RabbitFailures.IsOperating(error))
        {
            Abort();
            failed(error);
        }
    }

    private bool TryNext(out T next)
    {
        lock (_gate)
        {
            _isRunning = _waiting.TryDequeue(out next!);
            return _isRunning;
        }
    }

    private ValueTask Start(T post)
    {
        try
        {
            return write(post);
        }
        catch (Exception error) when (RabbitFailures.IsOperating(error))
        {
            return ValueTask.FromException(error);
        }
    }
}
