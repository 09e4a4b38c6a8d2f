using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using JobSystem.Actors;

namespace JobSystem;

/// <summary>
/// The key of a job system's guardian in Akka.Hosting's registry: <c>IRequiredActor&lt;JobSystemGuardianKey&gt;</c>.
/// Where several job systems share an actor system it is the first one; the others are found by <see cref="JobHosts"/>.
/// </summary>
public abstract class JobSystemGuardianKey
{
    private JobSystemGuardianKey()
    {
    }
}

/// <summary>A job system in an actor system that Akka.Hosting runs.</summary>
public static class JobSystemAkkaExtensions
{
    /// <summary>
    /// The phase of Akka's coordinated shutdown in which a job system drains: after <c>before-service-unbind</c>,
    /// before everything else. Its timeout is a day, since the drain bounds itself: by
    /// <see cref="JobSystemOptions.DrainTimeout"/> and a few seconds.
    /// </summary>
    public const string DrainPhase = "job-system-drain";

    private static readonly Config _config = ConfigurationFactory.ParseString($$"""
        akka.coordinated-shutdown.phases {
          {{DrainPhase}} { depends-on = [before-service-unbind], timeout = 1 d, recover = on, enabled = on }
          service-unbind.depends-on = [before-service-unbind, {{DrainPhase}}]
        }
        """).WithFallback(ClosingMailbox.Configuration);

    /// <summary>
    /// Runs a job system in this actor system, as <c>/user/NAME</c>. It starts with the actor system (without waiting
    /// for the broker) and drains in the coordinated shutdown. Its end leaves the actor system alone: watch its
    /// guardian, or the health check <c>live</c>.
    /// Beside it: <see cref="ServiceCollectionExtensions.AddJobClient"/> to inject its client.
    /// </summary>
    /// <param name="akka">The actor system's description.</param>
    /// <param name="configure">Describes the job system.</param>
    /// <param name="name">Several job systems in one actor system need different names.</param>
    /// <exception cref="JobSystemConfigurationException">The name is taken.</exception>
    public static AkkaConfigurationBuilder WithJobSystem(this AkkaConfigurationBuilder akka,
        Action<JobSystemBuilder> configure, string name = JobSystemBuilder.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(akka);
        ArgumentNullException.ThrowIfNull(configure);
        var setup = akka.Setups.OfType<JobSystemSetup>().FirstOrDefault();
        if (setup is null)
        {
            setup = new JobSystemSetup();
            akka.AddSetup(setup).AddHocon(_config, HoconAddMode.Append);
        }

        setup.Add(name, configure);
        return akka.StartActors((system, registry, resolver) =>
        {
            var host = JobHosts.For(system).GetOrStart(name, resolver.GetService<IServiceProvider>());
            registry.TryRegister<JobSystemGuardianKey>(host.Guardian);
            CoordinatedShutdown.Get(system).AddTask(DrainPhase, $"drain {name}", async () =>
            {
                await host.DrainAsync();
                return Akka.Done.Instance;
            });
        });
    }
}
