using System.CommandLine;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Demo;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs demo-worker</c>: a worker process of a demo. Not for people: it is not in the help.</summary>
internal static class DemoWorkerVerb
{
    public const string Name = VerbNames.DemoWorker;

    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<string?> _queue = CommonOptions.Queue();
    private static readonly Option<string?> _folder = Options.Text("--folder", "The demo's files.", "DIR");
    private static readonly Option<string?> _name = Options.Text("--name", "The worker's.", "NAME");

    public static Command Create()
    {
        var verb = new Command(Name, "A worker process of a demo.") { _broker, _queue, _folder, _name };
        verb.Hidden = true;
        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        var queue = CommonOptions.QueueOf(parsed, _queue);
        var name = parsed.GetValue(_name) ?? throw new UsageException("--name is missing.");
        var folder = parsed.GetValue(_folder) ?? throw new UsageException("--folder is missing.");
        var screen = Screen.Detect(JobsProgram.Name);
        using var log = screen.OpenLog(LogLevel.Warning, json: false);
        using var files = DemoFolder.Open(folder);
        using var ledger = new Ledger(files.LedgerOf(name));
        await using var server = new JobSystemBuilder()
            .UseTransport(broker.Open)
            .Configure(options => options with { Name = name })
            .HandleDemoJobs(queue, files, ledger)
            .Start(loggerFactory: log);
        using var signals = new StopSignals(_ => server.HurryDrain());
        screen.Out.WriteLine("listens to signals");
        var orphaned = Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null));
        await Task.WhenAny(signals.First, orphaned, server.Stopped);
        var report = await server.DrainAsync();
        return report.IsComplete ? ExitCode.Done : ExitCode.Failed;
    }
}
