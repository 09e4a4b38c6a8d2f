using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Chaos.Runs;

/// <summary>The work queue as the job system declares it.</summary>
internal static class SystemQueue
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static async Task DeclareAsync(string brokerUri, string queue, TimeProvider clock)
    {
        await using var session = await BrokerSession.OpenAsync(
            BrokerAddress.Parse(brokerUri), _patience, NullLoggerFactory.Instance, clock);
        await session.CallAsync(session.Connection.DeclareAsync(new QueueDeclaration(queue)));
    }
}
