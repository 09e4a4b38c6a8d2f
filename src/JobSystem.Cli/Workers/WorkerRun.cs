using JobSystem.Cli.Brokers;
using JobSystem.Cli.Processes;
using JobSystem.Monitoring;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Workers;

/// <summary>
/// The life of a worker that runs a command for each job: find the command, start, wait for the broker, work until a
/// signal comes, drain, report each job's fate.
/// Promises: nothing is tried when the command cannot be found; it ends with 0 only when every job is accounted for;
/// no command outlives it.
/// </summary>
internal sealed class WorkerRun(WorkerSettings settings, BrokerAddress broker, Screen screen, TimeProvider clock)
{
    // After SIGKILL the process must be reaped and its last output read, before the engine gives up its slot.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(2);

    public async Task<int> RunAsync()
    {
        var command = JobCommand.Find(settings.Command, Environment.GetEnvironmentVariable("PATH"));
        using var log = screen.OpenLog(settings.Verbose ? LogLevel.Debug : LogLevel.Information, settings.Json);
        var logger = log.CreateLogger("jobs");
        if (command.SessionLeader is null)
        {
            logger.NoSessions();
        }

        using var guardian = new Guardian(command.SessionLeader, logger, clock);
        using var runner = new CommandRunner(command, guardian, CommandOutput.To(screen, logger, settings.Json), clock)
        {
            Grace = settings.Grace,
        };
        await using var server = Describe(runner).Start(loggerFactory: log);
        using var signals = new StopSignals(name =>
        {
            logger.DrainHurries(name);
            runner.Hurry();
            server.HurryDrain();
        });
        return await LiveAsync(server, signals, logger);
    }

    private async Task<int> LiveAsync(JobHost server, StopSignals signals, ILogger log)
    {
        log.WorkerStarted(settings.Name ?? DefaultName, string.Join(", ", settings.Queues), $"{broker}",
            settings.Concurrency, string.Join(' ', settings.Command));
        try
        {
            if (await Readiness.WaitAsync(server, settings.ConnectTimeout, signals.First, clock))
            {
                await Task.WhenAny(signals.First, server.Stopped);
            }
        }
        catch (NoBrokerException unreachable)
        {
            log.GivingUp(unreachable.Message);
            return ExitCode.Unreachable;
        }

        if (!signals.First.IsCompleted)
        {
            log.StoppedByItself();
            return ExitCode.Failed;
        }

        log.DrainBegins(await signals.First, DurationText.Format(settings.DrainTimeout));
        var report = await server.DrainAsync(settings.DrainTimeout);
        Report(report, log);
        return report.IsComplete ? ExitCode.Done : ExitCode.Failed;
    }

    private JobSystemBuilder Describe(CommandRunner runner)
    {
        var jobs = new JobSystemBuilder()
            .UseTransport(broker.Open)
            .Configure(options => options with
            {
                Name = settings.Name ?? options.Name,
                DrainTimeout = settings.DrainTimeout,
                CancelGrace = settings.Grace + _afterKill,
                Management = settings.Management,
            });
        foreach (var name in settings.Queues)
        {
            jobs.AddQueue(name, queue =>
            {
                queue.Concurrency(settings.Concurrency);
                if (settings.Types.Count == 0)
                {
                    queue.Handle(runner.RunAsync, Configure);
                }

                foreach (var type in settings.Types)
                {
                    queue.Handle(type, runner.RunAsync, Configure);
                }
            });
        }

        return jobs;

        void Configure(JobBuilder job) => job.Timeout(settings.Timeout).Retry(settings.Retry);
    }

    private static string DefaultName => new JobSystemOptions().Name;

    private static void Report(DrainReport report, ILogger log)
    {
        var elapsed = DurationText.Format(report.Elapsed);
        if (report.IsComplete)
        {
            log.Drained(elapsed, Count(FateKind.Finished), Count(FateKind.Retried), Count(FateKind.DeadLettered),
                Count(FateKind.GivenBack), Count(FateKind.NotStarted), Count(FateKind.Abandoned));
        }
        else
        {
            log.DrainedIncompletely(elapsed, Count(FateKind.Abandoned), report.PublishesConfirmed,
                Count(FateKind.Finished), Count(FateKind.Retried), Count(FateKind.DeadLettered),
                Count(FateKind.GivenBack), Count(FateKind.NotStarted));
        }

        int Count(FateKind kind) => report.Fates.Count(fate => fate.Kind == kind);
    }
}
