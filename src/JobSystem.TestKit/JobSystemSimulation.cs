using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace JobSystem.TestKit;

/// <summary>A job system inside of a simulation.</summary>
public static class JobSystemSimulation
{
    /// <summary>
    /// As <see cref="JobSystemBuilder.StartIn"/>, with the simulation's time and seed. One actor system holds any
    /// number of simulated processes: each is a tree of its own.
    /// </summary>
    /// <param name="builder">Describes the job system; its transport must live in the simulation, too.</param>
    /// <param name="simulation">Whose time and seed it takes.</param>
    /// <param name="system">Started by <see cref="Simulation.StartSystem"/>.</param>
    /// <param name="name">Of the simulated process, once in its actor system.</param>
    /// <param name="services">See <see cref="JobSystemBuilder.StartIn"/>.</param>
    /// <param name="loggerFactory">See <see cref="JobSystemBuilder.StartIn"/>.</param>
    /// <exception cref="JobSystemConfigurationException">Something is wrong with it: all of it is named.</exception>
    public static JobHost StartIn(this JobSystemBuilder builder, Simulation simulation, ActorSystem system,
        string name = JobSystemBuilder.DefaultName, IServiceProvider? services = null,
        ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(simulation);
        return builder
            .UseTimeProvider(simulation.Time)
            .UseSeed(simulation.Seed)
            .StartIn(system, name, services, loggerFactory);
    }
}
