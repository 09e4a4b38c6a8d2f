using System.Text;

namespace JobSystem.Cli.Demo;

/// <summary>One worker of the demo.</summary>
internal interface IDemoWorker : IAsyncDisposable
{
    string Name { get; }

    /// <summary>How it was killed, or will be, in words.</summary>
    string Death { get; }

    /// <summary>At once, without a chance to settle anything.</summary>
    Task KillAsync();

    /// <summary>By the rules: running jobs finish, all is settled. False: not everything was accounted for.</summary>
    Task<bool> StopAsync();

    /// <summary>Its last words, for the case that something went wrong.</summary>
    string LastWords { get; }
}

/// <summary>Starts workers on one broker.</summary>
internal interface IDemoFleet
{
    IDemoWorker Start(string name);
}

/// <summary>What every demo worker does, in whatever process it runs.</summary>
internal static class DemoHandling
{
    /// <param name="jobs">The process' description.</param>
    /// <param name="queue">The demo's queue.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="ledger">This worker's.</param>
    public static JobSystemBuilder HandleDemoJobs(
        this JobSystemBuilder jobs, string queue, DemoFolder folder, Ledger ledger) =>
        jobs.AddQueue(queue, settings => settings
            .Concurrency(DemoSettings.Concurrency)
            .Handle(
                DemoSettings.JobType,
                async (context, cancel) =>
                {
                    ledger.Started(context.Id.Value);
                    var name = Encoding.UTF8.GetString(context.Body.Span);
                    ledger.Done(context.Id.Value, await DemoWork.RunAsync(folder, name, cancel));
                },
                job => job.Retry(Retry.Exponential(first: TimeSpan.FromSeconds(1)))));
}
