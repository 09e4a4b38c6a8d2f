using System.Text.Json;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;
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
    private readonly List<QueueOptions> _queues = [];
    private readonly List<JobRegistration> _registrations = [];
    private JobServerOptions _options = new();
    private Func<TransportContext, ITransport>? _transport;
    private JsonSerializerOptions _json = JsonSerializerOptions.Web;

    /// <summary>Changes settings: <c>jobs.Configure(o => o with { DrainTimeout = ... })</c>.</summary>
    public JobSystemBuilder Configure(Func<JobServerOptions, JobServerOptions> change)
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
            broker ?? new InMemoryBroker(new InMemoryBrokerOptions { Clock = context.Clock })));

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

    /// <summary>Checks the description and starts the process' actor tree. It does not wait for the broker.</summary>
    /// <param name="services">Where handlers come from. Default: none, handlers need no services.</param>
    /// <param name="loggers">Default: no log.</param>
    /// <param name="dispatcher">Default: the thread pool. A simulation passes its own.</param>
    /// <exception cref="JobSystemConfigurationException">Something is wrong with it: all of it is named.</exception>
    public JobServer Start(
        IServiceProvider? services = null, ILoggerFactory? loggers = null, IDispatcher? dispatcher = null)
    {
        var options = _options with { Queues = [.. _options.Queues, .. _queues] };
        var codec = new JobCodec(_json);
        var (catalog, routes) = Registry.Build(_registrations, options, services ?? NoServices.Instance, codec);
        var problems = JobServerOptionsValidator.Problems(options).Concat(Registry.Problems(_registrations, options));
        if (_transport is null)
        {
            problems = problems.Append("No broker was chosen: call UseRabbitMq or UseInMemory.");
        }

        JobSystemConfigurationException.ThrowIfAny([.. problems]);
        var logs = loggers ?? NullLoggerFactory.Instance;
        var runtime = dispatcher ?? new ThreadPoolDispatcher();
        var random = runtime.CreateRandom(runtime.NextStream());
        var transport = _transport!(new TransportContext(runtime.Clock, random, logs));
        var engine = new Engine(options, catalog, transport, logs, new JobMetrics(), codec);
        return new JobServer(engine, routes, runtime);
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
public sealed record TransportContext(TimeProvider Clock, Random Random, ILoggerFactory Loggers);
