using System.Threading.Channels;

namespace JobSystem.Sqlite.Channels;

/// <summary>
/// Makes the callbacks of one listener: in order, one at a time, on the thread pool, so that no listener holds up the
/// writer or another listener. An exception of a callback is told, and the next one is made.
/// Ends: with a last callback.
/// </summary>
internal sealed class CallbackQueue
{
    private readonly Channel<Action> _callbacks = Channel.CreateUnbounded<Action>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Action<Exception> _threw;
    private Action? _last;
    private volatile bool _drops;

    /// <param name="threw">Told of an exception of a callback.</param>
    public CallbackQueue(Action<Exception> threw)
    {
        _threw = threw;

        // On the pool from the start: a callback has nothing to do with the context of whoever opens the queue.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.RunAsync(), this, preferLocal: false);
    }

    public void Post(Action callback) => _callbacks.Writer.TryWrite(callback);

    /// <summary>Takes no more callbacks, but makes a last one. Only the first end counts.</summary>
    /// <param name="last">The last callback.</param>
    /// <param name="drop">What waits is not made any more.</param>
    public void End(Action last, bool drop)
    {
        if (Interlocked.CompareExchange(ref _last, last, null) is null)
        {
            _drops = drop;
            _callbacks.Writer.Complete();
        }
    }

    private async Task RunAsync()
    {
        while (await _callbacks.Reader.WaitToReadAsync())
        {
            while (_callbacks.Reader.TryRead(out var callback))
            {
                if (!_drops)
                {
                    Make(callback);
                }
            }
        }

        Make(_last!);
    }

    private void Make(Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // a listener's defect is its own: neither the process nor the others end by it
        catch (Exception error)
#pragma warning restore CA1031
        {
            _threw(error);
        }
    }
}
