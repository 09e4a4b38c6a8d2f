using System.Security.Cryptography;
using System.Text.Json;
using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Hosting;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem;

/// <summary>
/// Describes one process of the job system: its broker, its queues, its handlers. Everything is checked at the start,
/// and every problem is named at once.
/// </summary>
public sealed class JobSystemBuilder
{
    /// <summary>The name of a job system in its actor system where nothing else is said.</summary>
    public const string DefaultName = "jobsystem";

    private readonly List<QueueOptions> _queues = [];
    private readonly List<JobRegistration> _registrations = [];
    private JobSystemOptions _options = new();
    private Func<TransportContext, ITransport>? _transport;
    private JsonSerializerOptions _json = JsonSerializerOptions.Web;
    private TimeProvider _timeProvider = TimeProvider.System;
    private ulong? _seed;
    private IActorFaults? _faults;
    private IConfiguration? _configuration;

    /// <summary>Changes settings: <c>jobs.Configure(o => o with { DrainTimeout = ... })</c>.</summary>
    public JobSystemBuilder Configure(Func<JobSystemOptions, JobSystemOptions> change)
    {
        _options = change(_options);
        return this;
    }

    /// <summary>How payloads are encoded and decoded. Default: <see cref="JsonSerializerOptions.Web"/>.</summary>
    public JobSystemBuilder UseJson(JsonSerializerOptions options)
    {
        _json = options;
        return this;
    }

    /// <summary>The seam for transports; users call <c>UseRabbitMq</c> and its like.</summary>
    public JobSystemBuilder UseTransport(Func<TransportContext, ITransport> create)
    {
        _transport = create;
        return this;
    }

    /// <summary>A broker inside of this process: for tests and tries. Its jobs end with the process.</summary>
    public JobSystemBuilder UseInMemory(InMemoryBroker? broker = null) =>
        UseTransport(context => new InMemoryTransport(
            broker ?? new InMemoryBroker(new InMemoryBrokerOptions { Clock = context.TimeProvider })));

    /// <summary>Works on a queue in this process.</summary>
    public JobSystemBuilder AddQueue(string name, Action<QueueBuilder>? configure = null)
    {
        var queue = new QueueBuilder(name);
        configure?.Invoke(queue);
        _queues.Add(queue.Options);
        _registrations.AddRange(queue.Raw.Select(
            raw => new JobRegistration(raw.Settings, null, (_, _) => raw.Handler)));

        return this;
    }

    /// <summary>Runs jobs of a type with a handler out of the container, in a scope of its own for every run.</summary>
    /// <param name="type">The job type on the wire.</param>
    /// <param name="configure">The queue (default <c>default</c>), timeout, retries.</param>
    public JobSystemBuilder AddHandler<TPayload, THandler>(string type, Action<JobBuilder>? configure = null)
        where THandler : class, IJobHandler<TPayload> =>
        Add<TPayload>(type, configure, (services, codec) => async (context, cancel) =>
        {
            var payload = codec.Decode<TPayload>(context.Body);
            await using var scope = services.CreateAsyncScope();
            var handler = ActivatorUtilities.GetServiceOrCreateInstance<THandler>(scope.ServiceProvider);
            await handler.HandleAsync(payload, context, cancel);
        });

    /// <summary>Runs jobs of a type with a function.</summary>
    public JobSystemBuilder AddHandler<TPayload>(
        string type,
        Func<TPayload, JobContext, CancellationToken, Task> handle,
        Action<JobBuilder>? configure = null) =>
        Add<TPayload>(type, configure, (_, codec) => (context, cancel) =>
            handle(codec.Decode<TPayload>(context.Body), context, cancel));

    /// <summary>Tells the client where jobs of a payload type go, in a process that does not run them itself.</summary>
    public JobSystemBuilder AddJob<TPayload>(string type, string queue)
    {
        _registrations.Add(new JobRegistration(new JobBuilder(type).Queue(queue), typeof(TPayload), null));
        return this;
    }

    /// <summary>
    /// Lays settings of a configuration over those of code, as <c>AddJobSystem</c> does with the section
    /// <c>JobSystem</c>: names of <see cref="JobSystemOptions"/>, and <c>Queues:NAME:Concurrency</c>. What it says
    /// wins.
    /// </summary>
    /// <param name="section">The section. A key that is no setting, or a value that cannot be read, is a problem that
    /// the start names.</param>
    public JobSystemBuilder UseConfiguration(IConfiguration section)
    {
        _configuration = section;
        return this;
    }

    /// <summary>Where time comes from. Default: <see cref="TimeProvider.System"/>.</summary>
    public JobSystemBuilder UseTimeProvider(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        return this;
    }

    /// <summary>
    /// Makes ids, jitter and back-off the same in each run. For tests only: two processes of one seed give the same
    /// ids. Default: a seed of the operating system's.
    /// </summary>
    public JobSystemBuilder UseSeed(ulong seed)
    {
        _seed = seed;
        return this;
    }

    /// <summary>
    /// Begins to start the actor system of the next <see cref="Start"/> on another thread, and returns at once: for a
    /// program that lives for a moment and has arguments to read first. A process that never calls
    /// <see cref="Start"/> may end as it likes.
    /// </summary>
    public static void PrepareStart() => OwnActorSystem.Prepare();

    /// <summary>
    /// Checks the description and starts the job system in an actor system of its own. It does not wait for the broker.
    /// </summary>
    /// <param name="services">Where handlers come from. Default: none, handlers need no services.</param>
    /// <param name="loggerFactory">Default: no log.</param>
    /// <exception cref="JobSystemConfigurationException">Something is wrong with it: all of it is named.</exception>
    public JobHost Start(IServiceProvider? services = null, ILoggerFactory? loggerFactory = null)
    {
        var parts = Check(services, loggerFactory);
        var system = OwnActorSystem.Start(parts.Environment.TimeProvider);
        return new JobHost(system, ownsSystem: true, DefaultName, parts);
    }

    /// <summary>
    /// As <see cref="Start"/>, in an actor system of somebody else's: as <c>/user/NAME</c>. It ends with that system;
    /// its own end leaves the system alone.
    /// </summary>
    /// <param name="system">The actor system.</param>
    /// <param name="name">Of its guardian; several job systems in one actor system need different names.</param>
    /// <param name="services">See <see cref="Start"/>.</param>
    /// <param name="loggerFactory">See <see cref="Start"/>.</param>
    /// <exception cref="JobSystemConfigurationException">Something is wrong with it: all of it is named.</exception>
    public JobHost StartIn(ActorSystem system, string name = DefaultName, IServiceProvider? services = null,
        ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        var parts = Check(services, loggerFactory, ActorPath.IsValidPathElement(name)
            ? null
            : $"'{name}' is no name of an actor: letters, digits and -_.*$+:@&=,!~'; only.");
        system.Settings.InjectTopLevelFallback(ClosingMailbox.Configuration);
        if (!ClosingMailbox.IsConfiguredIn(system))
        {
            throw new JobSystemConfigurationException([
                $"The configuration of the actor system '{system.Name}' sets {ClosingMailbox.Id}, or what is above " +
                "it, to something else: the job system needs that name. Remove it."]);
        }

        try
        {
            return new JobHost(system, ownsSystem: false, name, parts);
        }
        catch (InvalidActorNameException taken)
        {
            throw new JobSystemConfigurationException([
                $"The actor system '{system.Name}' has an actor /user/{name} already: give this job system another " +
                $"name. ({taken.Message})"]);
        }
    }

    private JobHostParts Check(
        IServiceProvider? services, ILoggerFactory? loggerFactory, string? nameProblem = null)
    {
        var problemsOfSection = new List<string>();
        var options = _options with { Queues = [.. _options.Queues, .. _queues] };
        options = _configuration is null
            ? options
            : OptionsSection.Apply(_configuration, options, problemsOfSection);
        var codec = new JobCodec(_json);
        var (catalog, routes) = Registry.Build(_registrations, options, services ?? NoServices.Instance, codec);
        var problems = problemsOfSection
            .Concat(JobSystemOptionsValidator.Problems(options))
            .Concat(Registry.Problems(_registrations, options))
            .Concat(nameProblem is null ? [] : [nameProblem]);
        if (_transport is null)
        {
            problems = problems.Append("No broker was chosen: call UseRabbitMq, UseSqlite or UseInMemory.");
        }

        JobSystemConfigurationException.ThrowIfAny([.. problems]);
        var logs = loggerFactory ?? NullLoggerFactory.Instance;
        var environment = new ActorEnvironment(
            _timeProvider, _seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), _faults);
        var transport = _transport!(
            new TransportContext(_timeProvider, environment.CreateRandom($"{options.Name}/transport"), logs));
        return new JobHostParts(options, catalog, routes, codec, transport, environment, logs);
    }

    /// <summary>For fault injection only.</summary>
    internal JobSystemBuilder UseActorFaults(IActorFaults faults)
    {
        _faults = faults;
        return this;
    }

    private JobSystemBuilder Add<TPayload>(
        string type, Action<JobBuilder>? configure, Func<IServiceProvider, JobCodec, RawJobHandler> bind)
    {
        var job = new JobBuilder(type);
        configure?.Invoke(job);
        _registrations.Add(new JobRegistration(job, typeof(TPayload), bind));
        return this;
    }

    private sealed class NoServices : IServiceProvider, IServiceScopeFactory, IServiceScope
    {
        public static readonly NoServices Instance = new();

        public IServiceProvider ServiceProvider => this;

        public object? GetService(Type serviceType) =>
            serviceType == typeof(IServiceScopeFactory) || serviceType == typeof(IServiceProvider) ? this : null;

        public IServiceScope CreateScope() => this;

        public void Dispose()
        {
        }
    }
}

/// <summary>What a transport is made with.</summary>
public sealed record TransportContext(TimeProvider TimeProvider, Random Random, ILoggerFactory LoggerFactory);
