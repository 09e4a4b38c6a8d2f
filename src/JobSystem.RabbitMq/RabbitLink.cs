using JobSystem.RabbitMq.Sockets;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// One open connection of the client library, with a deadline around every call. Owns the connection and its socket;
/// tells its listener once when it is gone, and each alarm. What misses a deadline is abandoned: closed in the
/// background, where it harms nobody. Ends by <see cref="DisposeAsync"/> or <see cref="Abandon"/>.
/// </summary>
internal sealed class RabbitLink : IAsyncDisposable
{
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(2);

    private readonly IConnection _client;
    private readonly RabbitSocket _socket;
    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IConnectionListener _listener;
    private readonly Lock _gate = new();
    private bool _silent;
    private volatile bool _blocked;

    public RabbitLink(
        IConnection client, RabbitSocket socket, string name, RabbitOptions options, TimeProvider clock,
        ILogger logger, IConnectionListener listener)
    {
        (_client, _socket, _name, Options, _clock, _logger, _listener) =
            (client, socket, name, options, clock, logger, listener);
        Version = RabbitVersion.Of(client.ServerProperties);
    }

    public RabbitOptions Options { get; }

    public RabbitVersion Version { get; }

    public TimeProvider Clock => _clock;

    public ILogger Logger => _logger;

    /// <summary>What fits into one frame beside its own bytes.</summary>
    public int MaxHeaderBytes =>
        _client.FrameMax is > 64 and < int.MaxValue ? (int)_client.FrameMax - 64 : int.MaxValue;

    /// <summary>From here on the listener is told.</summary>
    public void Listen()
    {
        _client.ConnectionBlockedAsync += (_, blocked) =>
        {
            _blocked = true;
            Tell(listener => listener.OnBlocked(blocked.Reason));
            return Task.CompletedTask;
        };
        _client.ConnectionUnblockedAsync += (_, _) =>
        {
            _blocked = false;
            Tell(listener => listener.OnUnblocked());
            return Task.CompletedTask;
        };
        _client.ConnectionShutdownAsync += (_, reason) =>
        {
            TellClosed(RabbitFailures.Of(reason));
            return Task.CompletedTask;
        };
    }

    /// <summary>Waits for a call, not longer than a call may take.</summary>
    /// <exception cref="TransportException">It failed or took too long.</exception>
    public async Task<T> CallAsync<T>(Task<T> call, string what)
    {
        try
        {
            return await call.WaitAsync(Options.CallTimeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            Forget(call);
            throw new TransportException(new(
                TransportFailureKind.Lost, $"{what} took longer than {Options.CallTimeout.TotalSeconds:0.#} s."));
        }
        catch (Exception failed) when (RabbitFailures.IsOperating(failed))
        {
            throw new TransportException(RabbitFailures.Of(failed), failed);
        }
    }

    public Task CallAsync(Task call, string what) => CallAsync(WithResult(call), what);

    /// <summary>
    /// Waits until bytes are on their way. While the broker says that it reads nothing (an alarm) there is no
    /// deadline; else a broker that takes no bytes is dead, and the connection is abandoned.
    /// </summary>
    public async Task WriteAsync(ValueTask write)
    {
        var task = write.AsTask();
        while (true)
        {
            try
            {
                await task.WaitAsync(Options.CallTimeout, _clock).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!task.IsCompleted)
            {
                if (!_blocked)
                {
                    Forget(task);
                    var failure = new TransportFailure(TransportFailureKind.Lost,
                        $"The broker took no bytes for {Options.CallTimeout.TotalSeconds:0.#} s.");
                    Abandon(failure);
                    throw new TransportException(failure);
                }
            }
            catch (Exception failed) when (RabbitFailures.IsOperating(failed))
            {
                throw new TransportException(RabbitFailures.Of(failed), failed);
            }
        }
    }

    public Task<IChannel> OpenChannelAsync(bool confirms = false)
    {
        // Its own tracking is off: it costs a task a message, and a cancelled one corrupts its sequence (7.1.2).
        var options = new CreateChannelOptions(
            publisherConfirmationsEnabled: confirms, publisherConfirmationTrackingEnabled: false,
            outstandingPublisherConfirmationsRateLimiter: null, consumerDispatchConcurrency: 1);
        var opening = OpenAsync();
        return CallAsync(opening, "channel.open");

        async Task<IChannel> OpenAsync() => await _client.CreateChannelAsync(options).ConfigureAwait(false);
    }

    /// <summary>Runs one call on a channel of its own: a call that fails takes no other channel with it.</summary>
    public async Task<T> OnceAsync<T>(Func<IChannel, Task<T>> call, string what)
    {
        var channel = await OpenChannelAsync().ConfigureAwait(false);
        try
        {
            return await CallAsync(call(channel), what).ConfigureAwait(false);
        }
        finally
        {
            Discard(channel);
        }
    }

    /// <summary>Closes a channel in the background.</summary>
    public static void Discard(IChannel channel) => Forget(channel.DisposeAsync().AsTask());

    /// <summary>Closes a channel, but does not wait for long.</summary>
    public Task CloseAsync(IChannel channel) => NoLongerThanAsync(channel.DisposeAsync().AsTask());

    /// <summary>Waits for something of ours to end, but not for long. Never throws.</summary>
    public async Task NoLongerThanAsync(Task ending)
    {
        Forget(ending);
        await ending.WaitAsync(_closeTimeout, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives the connection up at once.</summary>
    public void Abandon(TransportFailure failure)
    {
        Log.Abandoned(_logger, "the connection", _name, failure.Text);
        TellClosed(failure);
        _socket.Cut();
        Forget(_client.DisposeAsync().AsTask());
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _silent = true;
        }

        await NoLongerThanAsync(_client.CloseAsync(
            Constants.ReplySuccess, "Goodbye", _closeTimeout, abort: true)).ConfigureAwait(false);
        _socket.Cut();
        await NoLongerThanAsync(_client.DisposeAsync().AsTask()).ConfigureAwait(false);
    }

    private void Tell(Action<IConnectionListener> tell)
    {
        lock (_gate)
        {
            if (!_silent)
            {
                tell(_listener);
            }
        }
    }

    private void TellClosed(TransportFailure failure)
    {
        lock (_gate)
        {
            if (!_silent)
            {
                _silent = true;
                _listener.OnClosed(failure);
            }
        }
    }

    /// <summary>Nobody waits for it any more: its error, if it has one, is of no interest.</summary>
    public static void Forget(Task task) => task.ContinueWith(
        static ended => _ = ended.Exception, CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static async Task<bool> WithResult(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
