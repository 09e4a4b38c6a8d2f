using JobSystem.Monitoring;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobSystem.Hosting;

/// <summary>
/// Healthy: every connection is up. Degraded: the broker is away or blocked; the system heals that itself, so a
/// restart of the process would only cost its running jobs. Unhealthy: the server has stopped.
/// </summary>
internal sealed class JobSystemHealthCheck(JobHost server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (server.Stopped.IsCompleted)
        {
            return HealthCheckResult.Unhealthy("The job system has stopped.");
        }

        var snapshot = await server.SnapshotAsync().WaitAsync(cancellationToken);
        var data = snapshot.Queues.ToDictionary(queue => queue.Name, object (queue) => queue.Running.Count);
        var troubled = snapshot.Connections.Where(connection => connection.State != ConnectionState.Up).ToList();
        return troubled.Count == 0
            ? HealthCheckResult.Healthy($"Connected to {snapshot.Broker}.", data)
            : HealthCheckResult.Degraded(string.Join(" ", troubled.Select(connection =>
                $"The connection to {connection.Role} is {connection.State}: {connection.Reason ?? "not open yet"}.")),
                data: data);
    }
}
