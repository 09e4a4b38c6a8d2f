using System.Runtime.CompilerServices;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;

namespace JobSystem.Cli.DeadLetters;

/// <summary>
/// The dead letters of one queue, taken one by one. What is not dropped goes back to its place when this is disposed
/// of, also when the process dies.
/// Promises: it ends, even while new dead letters come: no more are taken than there were at the start.
/// </summary>
internal sealed class DeadQueue : IAsyncDisposable
{
    private readonly BrokerSession _session;
    private readonly IPullChannel? _channel;
    private readonly string _name;

    private DeadQueue(BrokerSession session, IPullChannel? channel, string name, long count) =>
        (_session, _channel, _name, Count) = (session, channel, name, count);

    /// <summary>How many there were at the start.</summary>
    public long Count { get; }

    /// <exception cref="UsageException">There is no such queue at all: probably mistyped.</exception>
    public static async Task<DeadQueue> OpenAsync(BrokerSession session, DeadSettings settings)
    {
        if (await session.CallAsync(session.Connection.InspectAsync(settings.DeadQueue)) is { } dead)
        {
            var channel = await session.CallAsync(session.Connection.OpenPullAsync());
            return new DeadQueue(session, channel, settings.DeadQueue, dead.Ready);
        }

        return await session.CallAsync(session.Connection.InspectAsync(settings.Queue)) is null
            ? throw new TransportException(new TransportFailure(TransportFailureKind.NotFound,
                $"There is no queue '{settings.Queue}', and there are no dead letters of it."))
            : new DeadQueue(session, null, settings.DeadQueue, 0);
    }

    public async IAsyncEnumerable<Delivery> TakeAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var taken = 0L; taken < Count && !cancel.IsCancellationRequested; taken++)
        {
            if (await _session.CallAsync(_channel!.GetAsync(_name)) is not { } delivery)
            {
                break;
            }

            yield return delivery;
        }
    }

    /// <summary>Takes it out of the dead letters for good.</summary>
    public Task DropAsync(Delivery delivery) => _session.CallAsync(_channel!.AckAsync(delivery.Tag));

    /// <summary>It stays: back in its queue, however often it was looked at.</summary>
    public Task PutBackAsync(Delivery delivery) => _session.CallAsync(_channel!.PutBackAsync(delivery.Tag));

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await _session.CallAsync(_channel.DisposeAsync().AsTask());
        }
    }
}
