using System.Threading.Channels;

namespace JobSystem.Cli.Enqueueing;

/// <summary>
/// Enqueues on their way, in their order, bounded in number and in bytes: large payloads take more room. One writer,
/// one reader.
/// </summary>
internal sealed class InFlight(int maxJobs, long maxBytes)
{
    private readonly Channel<(Task<EnqueueResult> Result, int Bytes)> _order =
        Channel.CreateUnbounded<(Task<EnqueueResult>, int)>();

    private readonly Lock _gate = new();
    private int _jobs;
    private long _bytes;
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for room. One that is larger than all the room goes alone.</summary>
    public async Task WaitForRoomAsync(int bytes, CancellationToken cancel)
    {
        while (true)
        {
            Task left;
            lock (_gate)
            {
                if (_jobs == 0 || (_jobs < maxJobs && _bytes + bytes <= maxBytes))
                {
                    (_jobs, _bytes) = (_jobs + 1, _bytes + bytes);
                    return;
                }

                left = _left.Task;
            }

            await left.WaitAsync(cancel);
        }
    }

    public void Add(Task<EnqueueResult> result, int bytes) => _order.Writer.TryWrite((result, bytes));

    /// <summary>No more is added.</summary>
    public void Complete() => _order.Writer.Complete();

    /// <summary>The results, in the order in which they were added.</summary>
    public async IAsyncEnumerable<EnqueueResult> ReadAsync()
    {
        await foreach (var (result, bytes) in _order.Reader.ReadAllAsync())
        {
            yield return await result;
            lock (_gate)
            {
                (_jobs, _bytes) = (_jobs - 1, _bytes - bytes);
                var left = _left;
                _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
                left.SetResult();
            }
        }
    }
}
