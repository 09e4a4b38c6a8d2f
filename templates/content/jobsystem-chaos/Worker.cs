using JobSystem;

namespace JobChaos;

/// <summary>
/// The worker under test, as a process of its own: take its place with your program. It prints a line before and after
/// the work of each job, from which the test writes the ledger.
/// </summary>
public static class Worker
{
    public static async Task Main(string[] args)
    {
        var (broker, queue) = (args[0], args[1]);
        await using var host = new JobSystemBuilder()
            .UseSqlite(broker)
            .AddQueue(queue, settings => settings.Concurrency(4).Handle(async (job, cancellationToken) =>
            {
                Console.WriteLine($"began {job.Id}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);     // the work
                Console.WriteLine($"done {job.Id}");
            }))
            .Start();
        await host.Stopped;
    }
}
