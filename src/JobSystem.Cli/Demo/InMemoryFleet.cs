using JobSystem.Terminal.Brokers;

namespace JobSystem.Cli.Demo;

/// <summary>
/// Workers inside of this process, on the broker in memory. To kill one is to stop its whole actor tree at once:
/// its running jobs are abandoned and go back to the broker, and their books are closed as a dead process' would be.
/// </summary>
internal sealed class InMemoryFleet(BrokerAddress broker, DemoSettings settings, DemoFolder folder) : IDemoFleet
{
    public IDemoWorker Start(string name)
    {
        var ledger = new Ledger(folder.LedgerOf(name));
        var server = new JobSystemBuilder()
            .UseTransport(broker.Open)
            .Configure(options => options with { Name = name })
            .HandleDemoJobs(settings.Queue, folder, ledger)
            .Start();
        return new Worker(name, server, ledger);
    }

    private sealed class Worker(string name, JobHost server, Ledger ledger) : IDemoWorker
    {
        public string Name => name;

        public string Death => "its actors were stopped at once";

        public string LastWords => "";

        public async Task KillAsync()
        {
            // In this order: a run that ends in between must not be acked without standing in the books.
            await server.DisposeAsync();
            ledger.Dispose();
        }

        public async Task<bool> StopAsync() => (await server.DrainAsync()).IsComplete;

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            ledger.Dispose();
        }
    }
}
