using JobSystem.Benchmarks.Measuring;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>The whole job system on RabbitMQ: client, engine, an actor for each job.</summary>
internal sealed class WholeSystem() : Contender("jobsystem", "JobSystem")
{
    public override async Task<Usage> RunAsync(Load load, Ground ground)
    {
        var queue = ground.Broker.NewQueue();
        await ground.Broker.DeclareAsync(queue, load.Kind);
        var usage = await RunAsync(
            load, queue, new Race(load, ground.Gauge, ground.Bench.Cancel),
            new JobSystemBuilder().UseRabbitMq($"{ground.Broker.Uri}"));
        await ground.Broker.DeleteAsync(queue);
        return usage;
    }

    /// <summary>The same on any transport.</summary>
    public static async Task<Usage> RunAsync(Load load, string queue, Race race, JobSystemBuilder jobs)
    {
        jobs.AddQueue(queue, each => each.Concurrency(load.Slots).Handle((_, _) =>
        {
            race.Handled();
            return Task.CompletedTask;
        }));
        await using var server = jobs.Start();
        await server.Ready;
        var options = new EnqueueOptions { Queue = queue };
        var usage = await race.RunAsync(async () =>
        {
            if (await server.Client.TryEnqueueAsync(race.Body, options) is not EnqueueResult.Confirmed)
            {
                throw new InvalidOperationException("A publish was not confirmed.");
            }
        });
        await server.DrainAsync();
        return usage;
    }
}
