using JobSystem.Benchmarks.Measuring;
using JobSystem.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wolverine;
using Wolverine.RabbitMQ;
using Wolverine.RabbitMQ.Internal;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>A job of Wolverine: it travels as JSON with Wolverine's headers, as it does by default.</summary>
/// <param name="Payload">Text of as many bytes as the others' payload has.</param>
public sealed record WolverineJob(string Payload);

/// <summary>Found by Wolverine, which generates the code around it.</summary>
public static class WolverineJobHandler
{
    /// <summary>Counts the job.</summary>
    /// <param name="job">Not read.</param>
    /// <param name="handled">Called once a job.</param>
    public static void Handle(WolverineJob job, HandledJob handled) => handled();
}

/// <summary>One job was handled.</summary>
public delegate void HandledJob();

/// <summary>
/// Wolverine with the same prefetch and concurrency, publisher confirms that each send waits for, a durable queue of
/// the same kind, no inbox in a database; no log.
/// </summary>
/// <param name="acksLate">True: a message is acked after its handler (inline, as many at once as there are slots).
/// False: as it does by default, a message is acked when it was received, before its handler ran.</param>
internal sealed class WolverineHost(bool acksLate) : Contender(
    acksLate ? "wolverine" : "wolverine-defaults",
    acksLate ? "Wolverine 6.62, inline" : "Wolverine 6.62, acks before it handles")
{
    public override async Task<Usage> RunAsync(Load load, Ground ground)
    {
        var race = new Race(load, ground.Gauge, ground.Bench.Cancel);
        var queue = ground.Broker.NewQueue();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<HandledJob>(() => race.Handled());
        builder.UseWolverine(options => Configure(options, load, ground.Broker.Uri, queue));
        using var host = builder.Build();
        await host.StartAsync(ground.Bench.Cancel);
        try
        {
            var job = new WolverineJob(new string('x', load.PayloadBytes));
            return await race.RunAsync(() => host.MessageBus().SendAsync(job).AsTask());
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await ground.Broker.DeleteAsync(queue);
        }
    }

    private void Configure(WolverineOptions options, Load load, Uri broker, string queue)
    {
        options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(WolverineJobHandler));
        options.UseRabbitMq(broker).AutoProvision().DisableDeadLetterQueueing().ConfigureChannelCreation(channel =>
        {
            channel.PublisherConfirmationsEnabled = true;
            channel.PublisherConfirmationTrackingEnabled = true;
            channel.ConsumerDispatchConcurrency = acksLate ? (ushort)load.Slots : null;
        });
        options.PublishMessage<WolverineJob>().ToRabbitQueue(queue).SendInline();
        var listener = options.ListenToRabbitQueue(queue, declared => declared.QueueType =
            load.Kind == QueueKind.Quorum ? QueueType.quorum : QueueType.classic).PreFetchCount((ushort)load.Slots);
        if (acksLate)
        {
            listener.ProcessInline();
        }
        else
        {
            listener.MaximumParallelMessages(load.Slots);
        }
    }
}
