namespace JobSystem.Sqlite.Channels;

/// <summary>
/// Calls one listener: in order, one call at a time, on the thread pool, so that no listener holds up the writer or
/// another listener.
/// Ends: with a last call, or with none.
/// </summary>
internal sealed class Teller : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _calls = new();
    private bool _isDue;
    private bool _hasEnded;

    public void Tell(Action call)
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                Add(call);
            }
        }
    }

    /// <summary>
    /// Makes the call on this thread where none waits and none is under way: for calls that return at once.
    /// </summary>
    public void TellNow(Action call)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            if (_isDue)
            {
                _calls.Enqueue(call);
                return;
            }

            _isDue = true;
        }

        call();
        lock (_gate)
        {
            _isDue = _calls.Count > 0;
            if (_isDue)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }

    /// <summary>Takes no more calls, but makes a last one.</summary>
    /// <param name="last">Made on the pool, too.</param>
    /// <param name="drop">What waits is not told any more.</param>
    public void End(Action last, bool drop)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            if (drop)
            {
                _calls.Clear();
            }

            Add(last);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryNext(out var call))
        {
            call();
        }
    }

    private void Add(Action call)
    {
        _calls.Enqueue(call);
        if (!_isDue)
        {
            _isDue = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool TryNext(out Action call)
    {
        lock (_gate)
        {
            _isDue = _calls.TryDequeue(out call!);
            return _isDue;
        }
    }
}
