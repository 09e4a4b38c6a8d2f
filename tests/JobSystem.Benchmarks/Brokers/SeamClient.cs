using JobSystem.Transports;

namespace JobSystem.Benchmarks.Brokers;

/// <summary>
/// A connection and a channel at the seam to any broker, without the engine above it: fills queues, empties them, and
/// is what the price of the seam itself is measured with. Every publish that is refused, and every loss of a channel,
/// fails what waits for it.
/// </summary>
internal sealed class SeamClient : IAsyncDisposable, IConnectionListener, IPublisherListener
{
    private const int Chunk = 10_000;
    private static long _ids;

    // Not one lock for both: a channel that is published to may be waiting to tell of a confirm.
    private readonly Lock _publishing = new();
    private readonly Lock _gate = new();
    private readonly Queue<(ulong Number, TaskCompletionSource Done)> _unconfirmed = new();
    private IPublisherChannel _channel = null!;
    private ulong _number;

    public ITransportConnection Connection { get; private set; } = null!;

    public static async Task<SeamClient> OpenAsync(ITransport transport)
    {
        var client = new SeamClient();
        client.Connection = await transport.ConnectAsync("benchmarks", client);
        client._channel = await client.Connection.OpenPublisherAsync(client);
        return client;
    }

    /// <summary>A job as our client makes them; no two of one process have the same id.</summary>
    public static Job NewJob(ReadOnlyMemory<byte> body) => new()
    {
        Id = new JobId($"01a203c6-7ca0-791c-95d7-{Interlocked.Increment(ref _ids):x12}"),
        Origin = JobOrigin.Ours,
        Body = body,
        EnqueuedAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>Publishes so many together and waits until the last is confirmed.</summary>
    public Task PublishAsync(string queue, int jobs, ReadOnlyMemory<byte> body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_publishing)
        {
            lock (_gate)
            {
                _unconfirmed.Enqueue((_number + (ulong)jobs, done));
            }

            for (var job = 0; job < jobs; job++)
            {
                _channel.Publish(++_number, NewJob(body), new Destination(queue));
            }
        }

        return done.Task;
    }

    /// <summary>Publishes any number, some at a time.</summary>
    public async Task FillAsync(string queue, int jobs, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        for (var left = jobs; left > 0; left -= Chunk)
        {
            await PublishAsync(queue, Math.Min(left, Chunk), body).WaitAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await Connection.DisposeAsync();
    }

    void IPublisherListener.OnConfirmed(ulong number, bool multiple)
    {
        lock (_gate)
        {
            while (_unconfirmed.TryPeek(out var first) && first.Number <= number)
            {
                _unconfirmed.Dequeue().Done.SetResult();
            }
        }
    }

    void IPublisherListener.OnRejected(ulong number, string reason) => Fail(reason);

    void IPublisherListener.OnClosed(TransportFailure failure) => Fail(failure.Text);

    void IConnectionListener.OnClosed(TransportFailure failure) => Fail(failure.Text);

    void IConnectionListener.OnBlocked(string reason)
    {
    }

    void IConnectionListener.OnUnblocked()
    {
    }

    private void Fail(string reason)
    {
        lock (_gate)
        {
            while (_unconfirmed.TryDequeue(out var waiting))
            {
                waiting.Done.SetException(new IOException($"A publish was not confirmed: {reason}"));
            }
        }
    }
}
