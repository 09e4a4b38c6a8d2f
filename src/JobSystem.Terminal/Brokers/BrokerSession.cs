using JobSystem.Terminal.Arguments;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Terminal.Brokers;

/// <summary>
/// One connection for looking and administration. It does not reconnect: a person who asks something wants an answer.
/// Promises: every call ends, with a <see cref="TransportException"/> at its deadline at the latest.
/// </summary>
public sealed class BrokerSession : IConnectionListener, IAsyncDisposable
{
    private static readonly TimeSpan _callDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _closeDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerSession(TimeProvider clock) => _clock = clock;

    public ITransportConnection Connection { get; private set; } = null!;

    /// <summary>Why the broker takes no publishes; null: it does, as far as it has said.</summary>
    public string? Blocked { get; private set; }

    /// <summary>Completes when the broker says that it takes no publishes.</summary>
    public Task BlockedFirst => _blocked.Task;

    /// <param name="broker">Which.</param>
    /// <param name="patience">How long to try again when it is not there; null: one try.</param>
    /// <param name="log">For the transport.</param>
    /// <param name="clock">For every deadline.</param>
    /// <exception cref="NoBrokerException">It is not there, or refuses access.</exception>
    public static async Task<BrokerSession> OpenAsync(
        BrokerAddress broker, TimeSpan? patience, ILoggerFactory log, TimeProvider clock)
    {
        var session = new BrokerSession(clock);
        var transport = broker.Open(new TransportContext(clock, new Random(), log));
        var startedAt = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var name = $"jobs/{Environment.MachineName}-{Environment.ProcessId}/admin";
                session.Connection = await session.CallAsync(transport.ConnectAsync(name, session));
                return session;
            }
            catch (TransportException failed) when (failed.Failure.Kind != TransportFailureKind.AccessRefused
                && clock.GetElapsedTime(startedAt) + _pause < patience)
            {
                await Task.Delay(_pause, clock);
            }
            catch (TransportException failed)
            {
                throw new NoBrokerException(Words(transport.Description, failed.Failure));
            }
        }
    }

    /// <summary>Waits for a call, at most until its deadline.</summary>
    public async Task<T> CallAsync<T>(Task<T> call)
    {
        try
        {
            return await call.WaitAsync(_callDeadline, _clock);
        }
        catch (TimeoutException)
        {
            throw new TransportException(new TransportFailure(TransportFailureKind.Unreachable,
                $"The broker did not answer within {DurationText.Format(_callDeadline)}."));
        }
    }

    /// <inheritdoc cref="CallAsync{T}(Task{T})"/>
    public Task CallAsync(Task call) => CallAsync(Answered(call));

    public void OnClosed(TransportFailure failure)
    {
        // The call that is under way fails and says it.
    }

    public void OnBlocked(string reason)
    {
        Blocked = reason;
        _blocked.TrySetResult();
    }

    public void OnUnblocked() => Blocked = null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Connection.DisposeAsync().AsTask().WaitAsync(_closeDeadline, _clock);
        }
        catch (Exception error) when (error is TransportException or TimeoutException)
        {
            // It ends with the process.
        }
    }

    private static async Task<bool> Answered(Task call)
    {
        await call;
        return true;
    }

    private static string Words(string broker, TransportFailure failure) =>
        failure.Kind == TransportFailureKind.AccessRefused
            ? BrokerWords.Refused(broker, failure.Text)
            : BrokerWords.Unreachable(broker, "", failure.Text);
}
