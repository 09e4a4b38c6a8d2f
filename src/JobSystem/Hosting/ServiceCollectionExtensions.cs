using JobSystem.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobSystem;

/// <summary>The job system in a .NET host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds a process of the job system: it starts with the host (without waiting for the broker), drains when the
    /// host stops, and offers <see cref="JobClient"/>, <see cref="JobHost"/> and a health check named
    /// <c>jobsystem</c>. Give the host a <c>HostOptions.ShutdownTimeout</c> longer than
    /// <see cref="JobSystemOptions.DrainTimeout"/> (both are 30 s and 25 s unless changed).
    /// </summary>
    public static IServiceCollection AddJobSystem(this IServiceCollection services, Action<JobSystemBuilder> configure)
    {
        services.AddSingleton(provider =>
        {
            var builder = new JobSystemBuilder();
            configure(builder);
            return builder.Start(provider, provider.GetService<ILoggerFactory>());
        });
        services.AddSingleton(provider => provider.GetRequiredService<JobHost>().Client);
        services.AddHostedService<JobSystemHostedService>();
        services.AddHealthChecks().AddCheck<JobSystemHealthCheck>("jobsystem");
        return services;
    }
}
