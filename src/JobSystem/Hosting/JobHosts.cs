using Akka.Actor;
using Akka.Actor.Setup;
using JobSystem.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobSystem;

/// <summary>
/// The job systems of one actor system that were described with <c>WithJobSystem</c>, by name. Each starts when it is
/// first asked for, at the start of the actor system at the latest.
/// </summary>
public sealed class JobHosts : IExtension
{
    private readonly ActorSystem _system;
    private readonly Dictionary<string, JobHost> _started = [];
    private readonly Lock _lock = new();

    internal JobHosts(ActorSystem system) => _system = system;

    /// <summary>Of this actor system.</summary>
    public static JobHosts For(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<JobHosts, Provider>();
    }

    /// <summary>The job system of this name.</summary>
    /// <exception cref="InvalidOperationException">It was not described, or has not started yet.</exception>
    public JobHost this[string name]
    {
        get
        {
            lock (_lock)
            {
                return _started.GetValueOrDefault(name) ?? throw new InvalidOperationException(
                    $"The actor system '{_system.Name}' runs no job system '{name}': describe it with " +
                    "WithJobSystem, and ask for it when the host has started.");
            }
        }
    }

    internal JobHost GetOrStart(string name, IServiceProvider services)
    {
        lock (_lock)
        {
            if (_started.TryGetValue(name, out var host))
            {
                return host;
            }

            var described = _system.Settings.Setup.Get<JobSystemSetup>();
            var configure = described.HasValue ? described.Value.Find(name) : null;
            if (configure is null)
            {
                return this[name];
            }

            host = Start(name, configure, services);
            _started.Add(name, host);
            return host;
        }
    }

    private JobHost Start(string name, Action<JobSystemBuilder> configure, IServiceProvider services)
    {
        var builder = new JobSystemBuilder();
        configure(builder);
        if (services.GetService<IConfiguration>() is { } configuration)
        {
            builder.UseConfiguration(configuration.GetSection(SectionOf(name)));
        }

        return builder.StartIn(_system, name, services, services.GetService<ILoggerFactory>());
    }

    /// <summary>Several job systems of one process have a section each.</summary>
    private static string SectionOf(string name) => name == JobSystemBuilder.DefaultName
        ? OptionsSection.Name
        : $"{OptionsSection.Name}:{name}";

    private sealed class Provider : ExtensionIdProvider<JobHosts>
    {
        public override JobHosts CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

/// <summary>What <c>WithJobSystem</c> said, on its way into the actor system.</summary>
internal sealed class JobSystemSetup : Setup
{
    private readonly Dictionary<string, Action<JobSystemBuilder>> _described = [];

    public Action<JobSystemBuilder>? Find(string name) => _described.GetValueOrDefault(name);

    /// <exception cref="JobSystemConfigurationException">There is one of this name already.</exception>
    public void Add(string name, Action<JobSystemBuilder> configure)
    {
        if (!_described.TryAdd(name, configure))
        {
            throw new JobSystemConfigurationException([
                $"Two job systems of the name '{name}' in one actor system: give one of them another name."]);
        }
    }
}
