using System.Globalization;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>Waits for the effect of a fault, but not forever.</summary>
internal static class Proof
{
    // A client that lost its broker may wait for its next try up to half a minute.
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    // Heartbeats come more often.
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(30);

    /// <param name="effect">What has to come.</param>
    /// <param name="missing">What the error says when it has not.</param>
    /// <param name="clock">For the deadline.</param>
    /// <param name="cancel">Gives up before.</param>
    /// <exception cref="FaultException">It did not come in time.</exception>
    public static async Task OfAsync(Task effect, string missing, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            await effect.WaitAsync(_deadline, clock, cancel);
        }
        catch (TimeoutException late)
        {
            throw new FaultException($"{missing} within {Number(_deadline.TotalSeconds)} s.", late);
        }
    }

    /// <summary>The same of something that only traffic brings about: without any there was nothing to hit.</summary>
    /// <exception cref="NoOccasionException">It did not come in time.</exception>
    public static async Task OfTrafficAsync(
        Task effect, string missing, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            await effect.WaitAsync(_quiet, clock, cancel);
        }
        catch (TimeoutException)
        {
            throw new NoOccasionException($"{missing} within {Number(_quiet.TotalSeconds)} s.");
        }
    }

    /// <summary>These connections are over, and the client has opened another.</summary>
    /// <exception cref="FaultException">Not in time.</exception>
    public static async Task OfReturnAsync(
        AmqpProxy proxy, IReadOnlyList<ProxyConnection> gone, TimeProvider clock, CancellationToken cancel)
    {
        var newest = gone.Max(connection => connection.Number);
        await OfAsync(
            proxy,
            () => gone.All(connection => connection.Ended.IsCancellationRequested) && proxy.Opened > newest,
            $"{proxy.Member} did not connect again", clock, cancel);
    }

    /// <summary>Something of a proxy's connections, channels or consumers comes to be so.</summary>
    /// <exception cref="FaultException">Not in time.</exception>
    public static async Task OfAsync(
        AmqpProxy proxy, Func<bool> isSo, string missing, TimeProvider clock, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await OfAsync(proxy.UntilAsync(isSo, over.Token), missing, clock, cancel);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    public static string Number(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);

    public static string Members(IEnumerable<AmqpProxy> proxies) =>
        string.Join(", ", proxies.Select(proxy => proxy.Member));
}
