using Microsoft.Extensions.Hosting;

namespace JobSystem.Hosting;

/// <summary>
/// Ties a job system that has its actor system to itself to its host's life: drains it when the host stops, hurries
/// when the host loses its patience, and stops the host when the tree could not be kept alive (a supervisor outside
/// must see that). The exit code says whether every job is accounted for.
/// Added after Akka's own hosted service, and so stopped before it.
/// </summary>
internal sealed class JobSystemHostedService(JobHost jobs, IHostApplicationLifetime host) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = StopHostWithTreeAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var hurry = cancellationToken.Register(jobs.HurryDrain);
        var report = await jobs.DrainAsync();
        if (!report.IsComplete)
        {
            Environment.ExitCode = 1;
        }
    }

    private async Task StopHostWithTreeAsync()
    {
        await jobs.Stopped;
        if (jobs.EndedUnasked)
        {
            Environment.ExitCode = 1;
            host.StopApplication();
        }
    }
}
