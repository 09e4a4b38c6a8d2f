using Microsoft.Extensions.Hosting;

namespace JobSystem.Hosting;

/// <summary>
/// Ties the server to its host's life: starts it, drains it when the host stops, and stops the host when the server
/// could not be kept alive (a supervisor outside must see that).
/// </summary>
internal sealed class JobSystemHostedService(JobHost server, IHostApplicationLifetime host) : IHostedService
{
    private volatile bool _stopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = server.Stopped.ContinueWith(
            _ =>
            {
                if (!_stopping)
                {
                    host.StopApplication();
                }
            },
            TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        await using var hurry = cancellationToken.Register(server.HurryDrain);
        await server.DrainAsync();
    }
}
