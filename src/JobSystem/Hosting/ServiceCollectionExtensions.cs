using Akka.Actor;
using Akka.Hosting;
using JobSystem.Actors;
using JobSystem.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobSystem;

/// <summary>The job system in a .NET host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>The tag of the health check that asks only whether the process is to be restarted.</summary>
    public const string LiveTag = "live";

    /// <summary>The tag of the health check that asks whether jobs can be enqueued and run.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds a job system in an actor system of its own: it starts with the host (without waiting for the broker),
    /// drains when the host stops, and offers <see cref="JobClient"/>, <see cref="JobHost"/> and two health checks.
    /// Settings come from <paramref name="configure"/>, and from the section <c>JobSystem</c> of the host's
    /// configuration, which wins. When the tree ends on its own, or a drain leaves the fate of a job unknown, the exit
    /// code is 1. Give the host a <c>HostOptions.ShutdownTimeout</c> longer than
    /// <see cref="JobSystemOptions.DrainTimeout"/> (both are 30 s and 25 s unless changed).
    /// </summary>
    public static IServiceCollection AddJobSystem(this IServiceCollection services, Action<JobSystemBuilder> configure)
    {
        services.AddAkka(JobSystemBuilder.DefaultName, akka => akka
            .AddHocon(OwnActorSystem.Configuration, HoconAddMode.Append)
            .WithJobSystem(configure));
        services.AddJobClient();
        services.AddHealthChecks().AddJobSystem();
        return services.AddHostedService<JobSystemHostedService>();
    }

    /// <summary>
    /// Offers the <see cref="JobClient"/> and the <see cref="JobHost"/> of a job system that was described with
    /// <see cref="JobSystemAkkaExtensions.WithJobSystem"/>. Under another name than the default they are keyed services
    /// of that name.
    /// </summary>
    public static IServiceCollection AddJobClient(
        this IServiceCollection services, string name = JobSystemBuilder.DefaultName)
    {
        if (name == JobSystemBuilder.DefaultName)
        {
            services.AddSingleton(provider => HostOf(provider, name));
            return services.AddSingleton(provider => provider.GetRequiredService<JobHost>().Client);
        }

        services.AddKeyedSingleton(name, (provider, _) => HostOf(provider, name));
        return services.AddKeyedSingleton(
            name, (provider, _) => provider.GetRequiredKeyedService<JobHost>(name).Client);
    }

    /// <summary>
    /// Adds <c>NAME-live</c>, tagged <c>live</c>: unhealthy only when the tree has ended; a broker that is away is no
    /// reason to restart a process with running jobs. And <c>NAME-ready</c>, tagged <c>ready</c>: degraded while a
    /// connection is down or blocked.
    /// </summary>
    public static IHealthChecksBuilder AddJobSystem(
        this IHealthChecksBuilder checks, string name = JobSystemBuilder.DefaultName) => checks
        .Add(new HealthCheckRegistration(
            $"{name}-live", provider => new LiveHealthCheck(HostOf(provider, name)), null, [LiveTag]))
        .Add(new HealthCheckRegistration(
            $"{name}-ready", provider => new ReadyHealthCheck(HostOf(provider, name)), null, [ReadyTag]));

    private static JobHost HostOf(IServiceProvider provider, string name) =>
        JobHosts.For(provider.GetRequiredService<ActorSystem>()).GetOrStart(name, provider);
}
