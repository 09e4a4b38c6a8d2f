using JobSystem.Monitoring;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobSystem.Hosting;

/// <summary>
/// Healthy while the tree lives, whatever the broker does: who restarts a process because its broker is away loses its
/// running jobs, too.
/// </summary>
internal sealed class LiveHealthCheck(JobHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.Stopped.IsCompleted
            ? HealthCheckResult.Unhealthy("The job system has ended; restart the process.")
            : HealthCheckResult.Healthy("The job system runs."));
}

/// <summary>
/// Healthy: every connection is up. Degraded: the broker is away or blocked, which the system heals itself, or a queue
/// takes no more, which its operator must. Unhealthy: it has ended.
/// </summary>
internal sealed class ReadyHealthCheck(JobHost host) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SystemSnapshot snapshot;
        try
        {
            snapshot = await host.SnapshotAsync().WaitAsync(cancellationToken);
        }
        catch (InvalidOperationException) when (host.Stopped.IsCompleted)
        {
            return HealthCheckResult.Unhealthy("The job system has ended.");
        }

        var data = snapshot.Queues.ToDictionary(queue => queue.Name, object (queue) => queue.Running.Count);
        var troubled = snapshot.Connections.Where(connection => connection.State != ConnectionState.Up).ToList();
        var sentences = troubled
            .Select(connection =>
                $"The connection to {connection.Role} is {connection.State}: {connection.Reason ?? "not open yet"}.")
            .Concat(host.Blocked.Select(static blocked => blocked.Text))
            .ToList();
        return sentences.Count == 0
            ? HealthCheckResult.Healthy($"Connected to {snapshot.Broker}.", data)
            : HealthCheckResult.Degraded(string.Join(" ", sentences), data: data);
    }
}
