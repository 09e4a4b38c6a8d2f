using Microsoft.Extensions.Logging;

namespace JobSystem.Monitoring;

/// <summary>
/// Keeps the thread pool alive under handlers that block their threads. The pool adds about one thread a second by
/// itself; until then heartbeats and other jobs would wait. A thread of its own asks the pool for a sign of life; when
/// none comes in time, the pool may grow by a batch at once, up to a thread for every slot and some for the system.
/// Costs nothing while the pool answers.
/// </summary>
internal sealed class StarvationWatch : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(200);

    private readonly ManualResetEventSlim _stop = new();
    private readonly AutoResetEvent _alive = new(false);
    private readonly ILogger _log;
    private readonly int _maxThreads;

    /// <param name="slots">All handlers that may block at a time.</param>
    /// <param name="log">Is told of each growth.</param>
    public StarvationWatch(int slots, ILogger log)
    {
        _log = log;
        ThreadPool.GetMinThreads(out var min, out _);
        _maxThreads = min + slots + Environment.ProcessorCount;
        new Thread(Watch) { IsBackground = true, Name = "jobs starvation watch" }.Start();
    }

    public void Dispose() => _stop.Set();

    private void Watch()
    {
        while (!_stop.Wait(_period))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static alive => alive.Set(), _alive, preferLocal: false);
            while (!_alive.WaitOne(_patience))
            {
                if (_stop.IsSet || !Grow())
                {
                    break;
                }
            }
        }
    }

    private bool Grow()
    {
        ThreadPool.GetMinThreads(out var min, out var ports);
        if (min >= _maxThreads)
        {
            return false;
        }

        var threads = Math.Min(_maxThreads, Math.Max(min * 2, ThreadPool.ThreadCount + 2));
        ThreadPool.SetMinThreads(threads, ports);
        _log.PoolStarved(ThreadPool.ThreadCount, threads);
        return true;
    }
}
