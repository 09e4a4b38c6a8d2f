using JobSystem.RabbitMq.Sockets;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// One open connection of the client library. Owns the connection and its socket; tells its listener once
/// when it is gone, and each alarm. What misses a deadline is abandoned: closed in the background, where it
/// harms nobody. A broker that falls silent is noticed by the bytes that do not come. Ends by <see
/// cref="DisposeAsync"/> or <see cref="Abandon"/>.
/// </summary>
internal sealed class RabbitLink : IAsyncDisposable
{
    // A broker that lives sends something twice in a heartbeat; five times nothing is two and a half.
    private const int LooksPerHeartbeat = 2;
    private const int LooksInVain = 5;

    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(2);

    private readonly IConnection _client;
    private readonly RabbitSocket _socket;
    private readonly string _name;
    private readonly IConnectionListener _listener;
    private readonly SerialLoop<Action<IConnectionListener>> _callbacks;
    private ITimer? _watch;
    private long _received;
    private int _looksInVain;
    private volatile bool _blocked;
    private long _unblockedSince;

    public RabbitLink(
        IConnection client, RabbitSocket socket, string name, RabbitOptions options, TimeProvider clock,
        ILogger logger, IConnectionListener listener)
    {
        (_client, _socket, _name, _listener) = (client, socket, name, listener);
        _callbacks = new(TellAsync, thrown => Log.ListenerThrew(logger, thrown));
        (Clock, Logger) = (clock, logger);
        Deadlines = new CallDeadlines(options.CallTimeout, clock);
        Version = RabbitVersion.Of(client.ServerProperties);
        _unblockedSince = clock.GetTimestamp();
    }

    public CallDeadlines Deadlines { get; }

    public RabbitVersion Version { get; }

    public TimeProvider Clock { get; }

    public ILogger Logger { get; }

    /// <summary>What fits into one frame beside its own bytes.</summary>
    public int MaxHeaderBytes =>
        _client.FrameMax is > 64 and < int.MaxValue ? (int)_client.FrameMax - 64 : int.MaxValue;

    /// <summary>From here on the listener is told.</summary>
    public void Listen()
    {
        _client.ConnectionBlockedAsync += (_, blocked) =>
        {
            _blocked = true;
            _callbacks.Post(listener => listener.OnBlocked(blocked.Reason));
            return Task.CompletedTask;
        };
        _client.ConnectionUnblockedAsync += (_, _) =>
        {
            Volatile.Write(ref _unblockedSince, Clock.GetTimestamp());
            _blocked = false;
            _callbacks.Post(static listener => listener.OnUnblocked());
            return Task.CompletedTask;
        };
        if (_client.Heartbeat > TimeSpan.Zero)
        {
            var period = _client.Heartbeat / LooksPerHeartbeat;
            _watch = Clock.CreateTimer(_ => Look(), null, period, period);
        }

        _client.ConnectionShutdownAsync += (_, reason) =>
        {
            TellClosed(RabbitFailures.Of(reason));
            return Task.CompletedTask;
        };
    }

    public Task<IChannel> OpenChannelAsync(bool confirms = false)
    {
        // The library's tracking of confirms is off: it costs a task a message, and ours knows all it knows.
        var options = new CreateChannelOptions(
            publisherConfirmationsEnabled: confirms, publisherConfirmationTrackingEnabled: false,
            outstandingPublisherConfirmationsRateLimiter: null, consumerDispatchConcurrency: 1);
        return Deadlines.CallAsync(OpenAsync(), "channel.open");

        async Task<IChannel> OpenAsync() => await _client.CreateChannelAsync(options).ConfigureAwait(false);
    }

    /// <summary>A publish on it ends with the broker's answer: for one after the other, not for many.</summary>
    public Task<IChannel> OpenConfirmedChannelAsync() => Deadlines.CallAsync(
        _client.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)),
        "channel.open");

    /// <summary>Runs one call on a channel of its own: a call that fails takes no other with it.</summary>
    public async Task<T> OnceAsync<T>(Func<IChannel, Task<T>> call, string what)
    {
        var channel = await OpenChannelAsync().ConfigureAwait(false);
        try
        {
            return await Deadlines.CallAsync(call(channel), what).ConfigureAwait(false);
        }
        finally
        {
            Discard(channel);
        }
    }

    /// <summary>Waits until bytes are on their way; a broker that takes none is given up.</summary>
    public Task WriteAsync(ValueTask write) => Deadlines.WriteAsync(write, UnblockedFor, Abandon);

    /// <summary>Closes a channel in the background.</summary>
    public static void Discard(IChannel channel) => CallDeadlines.Forget(channel.DisposeAsync().AsTask());

    /// <summary>Closes a channel, but does not wait for long.</summary>
    public Task CloseAsync(IChannel channel) => Deadlines.NoLongerThanAsync(channel.DisposeAsync().AsTask());

    /// <summary>Gives the connection up at once.</summary>
    public void Abandon(TransportFailure failure)
    {
        if (TellClosed(failure))
        {
            Log.Abandoned(Logger, _name, failure.Text);
        }

        _socket.Cut();
        CallDeadlines.Forget(_client.DisposeAsync().AsTask());
    }

    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        await Deadlines.NoLongerThanAsync(_callbacks.StopAsync()).ConfigureAwait(false);
        await Deadlines.NoLongerThanAsync(_client.CloseAsync(
            Constants.ReplySuccess, "Goodbye", _closeTimeout, abort: true)).ConfigureAwait(false);
        _socket.Cut();
        await Deadlines.NoLongerThanAsync(_client.DisposeAsync().AsTask()).ConfigureAwait(false);
    }

    private TimeSpan UnblockedFor() =>
        _blocked ? TimeSpan.Zero : Clock.GetElapsedTime(Volatile.Read(ref _unblockedSince));

    private void Look()
    {
        var received = _socket.ReceivedTimes;
        _looksInVain = received == _received ? _looksInVain + 1 : 0;
        _received = received;
        if (_looksInVain >= LooksInVain)
        {
            Abandon(new TransportFailure(TransportFailureKind.Lost,
                $"The broker was silent for 2.5 heartbeats of {_client.Heartbeat.TotalSeconds:0} s."));
        }
    }

    private bool TellClosed(TransportFailure failure)
    {
        _watch?.Dispose();
        return _callbacks.End(() => _listener.OnClosed(failure));
    }

    private ValueTask TellAsync(Action<IConnectionListener> callback)
    {
        callback(_listener);
        return default;
    }
}
