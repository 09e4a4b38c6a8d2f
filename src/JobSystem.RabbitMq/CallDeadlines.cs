using JobSystem.Transports;

namespace JobSystem.RabbitMq;

/// <summary>
/// Waits for calls to the client library, not longer than a call may take. The library's own deadlines are
/// not enough (7.2.2): a write has none, and waits forever when the library's write loop has failed; a close
/// that meets another one waits for half a minute.
/// </summary>
internal sealed class CallDeadlines(TimeSpan callTimeout, TimeProvider clock)
{
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(2);

    /// <exception cref="TransportException">It failed or took too long.</exception>
    public async Task<T> CallAsync<T>(Task<T> call, string what)
    {
        try
        {
            return await call.WaitAsync(callTimeout, clock).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            Forget(call);
            throw new TransportException(new(
                TransportFailureKind.Lost, $"{what} took longer than {callTimeout.TotalSeconds:0.#} s."));
        }
        catch (Exception failed) when (RabbitFailures.IsOperating(failed))
        {
            throw new TransportException(RabbitFailures.Of(failed), failed);
        }
    }

    public Task CallAsync(Task call, string what) => CallAsync(WithResultAsync(call), what);

    /// <summary>
    /// Waits until bytes are on their way. While the broker reads nothing on purpose (an alarm) there is no
    /// deadline, and after it the broker has the whole of one.
    /// </summary>
    /// <param name="write">The write.</param>
    /// <param name="unblockedFor">Since when the broker has no alarm; zero while it has one.</param>
    /// <param name="missed">Told of a missed deadline: the broker is dead.</param>
    public async Task WriteAsync(ValueTask write, Func<TimeSpan> unblockedFor, Action<TransportFailure> missed)
    {
        var task = write.AsTask();
        while (true)
        {
            try
            {
                await task.WaitAsync(callTimeout, clock).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!task.IsCompleted)
            {
                if (unblockedFor() >= callTimeout)
                {
                    Forget(task);
                    var failure = new TransportFailure(TransportFailureKind.Lost,
                        $"The broker took no bytes for {callTimeout.TotalSeconds:0.#} s.");
                    missed(failure);
                    throw new TransportException(failure);
                }
            }
            catch (Exception failed) when (RabbitFailures.IsOperating(failed))
            {
                throw new TransportException(RabbitFailures.Of(failed), failed);
            }
        }
    }

    /// <summary>Waits for something of ours to end, but not for long. Never throws.</summary>
    public async Task NoLongerThanAsync(Task ending)
    {
        Forget(ending);
        await ending.WaitAsync(_closeTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Nobody waits for it any more: its error, if it has one, is of no interest.</summary>
    public static void Forget(Task task) => task.ContinueWith(
        static ended => _ = ended.Exception, CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static async Task<bool> WithResultAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
