using System.CommandLine;
using System.Security.Cryptography;
using JobSystem.Cli.Demo;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs demo</c>: shows in half a minute that a killed worker loses no job.</summary>
internal static class DemoVerb
{
    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<int?> _jobs = Options.Number("--jobs", "How many. Default: 300.", 1, 100_000);
    private static readonly Option<int?> _workers = Options.Number("--workers", "At a time. Default: 2.", 1, 64);
    private static readonly Option<int?> _seed = Options.Number("--seed",
        "The same seed makes the same files. Default: 1.", 0, int.MaxValue);

    private static readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var verb = new Command("demo", "Kills a worker while it runs real jobs, and counts what is lost.")
        {
            _broker, _jobs, _workers, _seed, _json,
        };
        verb.SetAction(RunAsync);
        return verb.WithMore("""
            Generates files, enqueues a job for each (compress it, take its SHA-256), kills a worker with SIGKILL in the
            middle, starts another, and counts: confirmed, finished, run twice, lost. The workers keep books of their
            own, outside of the broker. Exit code 0 only if nothing is lost and every output is right.
            The broker is a SQLite file in the demo's folder, unless --broker or JOBS_BROKER names another; with memory:
            everything happens in this process. The demo's queue and files are deleted at the end.

            Examples:
              jobs demo
              jobs demo --broker amqp://localhost --jobs 1000 --workers 4
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var uri = parsed.GetValue(_broker) ?? Environment.GetEnvironmentVariable(BrokerAddress.Variable);
        using var folder = DemoFolder.Create();
        uri = string.IsNullOrEmpty(uri) ? $"sqlite:{folder.BrokerFile}" : uri;
        var broker = BrokerAddress.Parse(uri);
        var settings = new DemoSettings
        {
            Jobs = parsed.GetValue(_jobs) ?? 300,
            Workers = parsed.GetValue(_workers) ?? 2,
            Seed = parsed.GetValue(_seed) ?? 1,
            Queue = $"jobs-demo-{RandomNumberGenerator.GetHexString(8, lowercase: true)}",
            Json = parsed.GetValue(_json),
        };
        using var signals = new StopSignals(static _ => { });
        using var view = ViewOf(Screen.Detect(JobsProgram.Name), settings.Json);
        IDemoFleet fleet = broker is BrokerAddress.Memory
            ? new InMemoryFleet(broker, settings, folder)
            : new ProcessFleet(uri, settings, folder, TimeProvider.System);
        await using var crew = new DemoCrew(fleet, folder);
        view.Tell($"{settings.Jobs} jobs on {broker}, queue '{settings.Queue}'");
        try
        {
            var result = await new DemoRun(settings, broker, crew, folder, view, TimeProvider.System)
                .RunAsync(signals.Token);
            view.Conclude(result);
            return result.IsGood ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            throw new FailedException("Interrupted; the demo's queue and files are deleted.");
        }
    }

    private static IDemoView ViewOf(Screen screen, bool json) => screen switch
    {
        _ when json => new DemoJson(screen),
        { IsOutTerminal: true, Colours: true } => new DemoLive(screen),
        _ => new DemoLines(screen, TimeProvider.System),
    };
}
