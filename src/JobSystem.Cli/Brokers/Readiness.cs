using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;

namespace JobSystem.Cli.Brokers;

/// <summary>
/// Waits until a process of the job system has its broker. The system itself waits for ever; here is who gives up:
/// at once where the broker refuses access, and after a limit where there is one.
/// </summary>
internal static class Readiness
{
    /// <param name="server">Started.</param>
    /// <param name="limit">Null: wait for ever.</param>
    /// <param name="interrupted">Ends the waiting without a word.</param>
    /// <param name="clock">For the limit.</param>
    /// <returns>True: ready. False: interrupted, or the server stopped.</returns>
    /// <exception cref="NoBrokerException">It gave up; the text names the broker and what to check.</exception>
    public static async Task<bool> WaitAsync(
        JobHost server, TimeSpan? limit, Task interrupted, TimeProvider clock)
    {
        using var done = new CancellationTokenSource();
        var timeUp = Task.Delay(limit ?? Timeout.InfiniteTimeSpan, clock, done.Token);
        var first = await Task.WhenAny(server.Ready, interrupted, server.Stopped, timeUp);
        await done.CancelAsync();
        if (first == timeUp)
        {
            throw new NoBrokerException(await DescribeAsync(server, limit!.Value));
        }

        if (first != server.Ready || server.Ready.IsCanceled)
        {
            return false;
        }

        try
        {
            await server.Ready;
            return true;
        }
        catch (TransportException refused)
        {
            throw new NoBrokerException(await RefusedAsync(server, refused));
        }
    }

    private static async Task<string> DescribeAsync(JobHost server, TimeSpan limit)
    {
        var snapshot = await server.SnapshotAsync();
        var reasons = snapshot.Connections.Select(static connection => connection.Reason);
        return BrokerWords.Unreachable(snapshot.Broker, $" within {DurationText.Format(limit)}",
            reasons.FirstOrDefault(static reason => reason is not null));
    }

    private static async Task<string> RefusedAsync(JobHost server, TransportException refused)
    {
        var snapshot = await server.SnapshotAsync();
        return BrokerWords.Refused(snapshot.Broker, refused.Message);
    }
}
