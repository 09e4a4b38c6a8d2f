using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Chaos.Systems;

/// <summary>The job system as a worker under test: as a user would build it, with a witness at its transport.</summary>
internal sealed class JobSystemWorker(
    string name, SystemSettings settings, BrokerAddress broker, TestedHandler handler, Mutant? mutant,
    ActorCrashes crashes, LedgerWriter ledger, ILoggerFactory loggers) : ITestedWorker
{
    private readonly TimeSpan _drain = settings.Fleet.Drain;
    private JobHost? _server;

    public async Task StartAsync(CancellationToken cancel)
    {
        var builder = new JobSystemBuilder()
            .UseActorFaults(crashes)
            .UseTransport(context =>
            {
                ITransport transport = new WitnessTransport(broker.Open(context), name, ledger);
                return mutant?.Transport(transport) ?? transport;
            })
            .Configure(options => options with { Name = name, DrainTimeout = _drain });
        foreach (var queue in settings.Workload.Queues)
        {
            builder = builder.AddQueue(queue.Name, each => each.Concurrency(settings.Fleet.Concurrency).Handle(
                RunAsync,
                job => job.Timeout(settings.Workload.Timeout).Retry(Retry.Exponential(
                    settings.Workload.Attempts, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5)))));
        }

        _server = builder.Start(loggerFactory: loggers);
        crashes.Watch(_server.Guardian);
        await _server.Ready.WaitAsync(cancel);
    }

    public async Task<bool> DrainAsync() => _server is null || (await _server.DrainAsync(_drain)).IsComplete;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task RunAsync(JobContext context, CancellationToken stop)
    {
        Task Run() => handler.RunAsync(context.Body, context.Attempt, stop);
        return mutant?.RunAsync(Run) ?? Run();
    }
}

/// <summary>The job system's client as a producer under test.</summary>
internal sealed class JobSystemProducer(
    string name, SystemSettings settings, BrokerAddress broker, LedgerWriter ledger, ILoggerFactory loggers)
    : ITestedProducer
{
    private JobHost? _server;

    public async Task StartAsync(CancellationToken cancel)
    {
        var mutant = MutantCatalog.Find(settings.SystemUnderTest.Mutant);
        _server = new JobSystemBuilder()
            .UseTransport(context =>
            {
                ITransport transport = new WitnessTransport(broker.Open(context), name, ledger);
                return mutant?.ProducerTransport(transport) ?? transport;
            })
            .Configure(options => options with { Name = name, PublishDeadline = settings.Workload.Deadline })
            .Start(loggerFactory: loggers);
        await _server.Ready.WaitAsync(cancel);
    }

    public Task<EnqueueResult> EnqueueAsync(JobId job, string queue, byte[] body) =>
        _server!.Client.TryEnqueueAsync(body, new EnqueueOptions { Queue = queue, Id = job }, CancellationToken.None);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
