using JobSystem.Monitoring;
using Microsoft.Extensions.Logging;

namespace JobSystem.Processing;

/// <summary>
/// What of the transport is being closed. Actors give things up without waiting (a dead connection may take its whole
/// close timeout); the server waits at its end, because a process that exits before its last acks are written has
/// its finished jobs run again. What goes wrong is logged: nothing of a discarded connection may harm the next.
/// </summary>
internal sealed class Disposals(ILogger log)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    public void Begin(IAsyncDisposable thing)
    {
        var task = DisposeAsync(thing);
        lock (_lock)
        {
            _running.RemoveWhere(static ended => ended.IsCompleted);
            _running.Add(task);
        }
    }

    /// <summary>Waits for what is being closed now, no longer than the deadline.</summary>
    public async Task EndAsync(TimeSpan deadline, TimeProvider clock)
    {
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        var over = new TaskCompletionSource();
        await using var timer = clock.CreateTimer(_ => over.TrySetResult(), null, deadline, Timeout.InfiniteTimeSpan);
        _ = AwaitAllAsync();
        await over.Task;

        async Task AwaitAllAsync()
        {
            foreach (var task in running)
            {
                await task;
            }

            over.TrySetResult();
        }
    }

    private async Task DisposeAsync(IAsyncDisposable thing)
    {
        try
        {
            await thing.DisposeAsync();
        }
#pragma warning disable CA1031 // whatever it is, the thing is given up
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.DisposeFailed(thing.GetType().Name, error.Message);
        }
    }
}
