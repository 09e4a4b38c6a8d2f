using System.Threading.Channels;

namespace JobSystem.RabbitMq;

/// <summary>
/// Handles posts one by one, in their order, on the thread pool: the callbacks of a listener, the writes of a
/// channel. A post comes from any thread and returns at once; how many wait is bounded by the protocol: by the
/// prefetch, and by the publishes that their owner lets be unconfirmed.
/// Ends: completed (what waits is still handled), stopped (it is not), or with a last action behind what waits.
/// What is posted afterwards is ignored. An exception is told; one of the handler ends it, too.
/// </summary>
internal sealed class SerialLoop<T>
{
    private readonly Channel<T> _posts = Channel.CreateUnbounded<T>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Func<T, ValueTask> _handle;
    private readonly Action<Exception> _failed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _last;
    private volatile bool _isStopped;

    /// <param name="handle">Handles one post; the next one waits for its task.</param>
    /// <param name="failed">Told of an exception.</param>
    public SerialLoop(Func<T, ValueTask> handle, Action<Exception> failed)
    {
        (_handle, _failed) = (handle, failed);

        // On the pool from the start: what is handled has nothing to do with the context of whoever opens this.
        ThreadPool.UnsafeQueueUserWorkItem(static loop => _ = loop.RunAsync(), this, preferLocal: false);
    }

    public void Post(T post) => _posts.Writer.TryWrite(post);

    /// <summary>Takes no more posts. Handles what waits, then the last action. False: it had ended.</summary>
    public bool End(Action last) =>
        Interlocked.CompareExchange(ref _last, last, null) is null && _posts.Writer.TryComplete();

    /// <summary>Takes no more posts. The task ends when what waits was handled.</summary>
    public Task CompleteAsync()
    {
        _posts.Writer.TryComplete();
        return _ended.Task;
    }

    /// <summary>
    /// Takes no more posts and forgets those that wait, and the last action. When the task has ended, nothing is
    /// under way.
    /// </summary>
    public Task StopAsync()
    {
        _isStopped = true;
        return CompleteAsync();
    }

    private async Task RunAsync()
    {
#pragma warning disable CA1031 // whatever it is: who posts must hear that nothing is handled any more
        try
        {
            await HandleAllAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _failed(error);
            _posts.Writer.TryComplete();
        }

        try
        {
            (_isStopped ? null : _last)?.Invoke();
        }
        catch (Exception error)
        {
            _failed(error);
        }
#pragma warning restore CA1031

        _ended.SetResult();
    }

    private async Task HandleAllAsync()
    {
        while (!_isStopped && await _posts.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (!_isStopped && _posts.Reader.TryRead(out var post))
            {
                await _handle(post).ConfigureAwait(false);
            }
        }
    }
}
