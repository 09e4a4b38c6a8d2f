using System.CommandLine;
using JobSystem.Cli.Workers;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs worker</c>: runs a command for each job of one or more queues.</summary>
internal static class WorkerVerb
{
    private const int MaxSlots = 4096;

    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<string[]> _queues = Options.Texts("--queue",
        "A queue to work on; repeatable.", "NAME");

    private static readonly Option<int?> _concurrency = Options.Number("--concurrency",
        "Commands at a time, per queue. Default: the number of processors.", 1, MaxSlots);

    private static readonly Option<TimeSpan?> _timeout = Options.Duration("--timeout",
        "How long one run may take: then SIGTERM, after the grace SIGKILL, and the retry policy. Default: 30m.",
        orNone: true);

    private static readonly Option<int?> _maxAttempts = Options.Number("--max-attempts",
        "Runs in all before a job is a dead letter. Default: 8.", 1, 1_000_000);

    private static readonly Option<TimeSpan?> _retryDelay = Options.Duration("--retry-delay",
        "Delay before the second run; it doubles with each further one. Default: 5s.");

    private static readonly Option<TimeSpan?> _retryMaxDelay = Options.Duration("--retry-max-delay",
        "No delay is longer. Default: 1h.");

    private static readonly Option<TimeSpan?> _drainTimeout = Options.Duration("--drain-timeout",
        "How long running jobs may go on after SIGTERM or Ctrl-C. Default: 25s.");

    private static readonly Option<TimeSpan?> _grace = Options.Duration("--grace",
        "Between SIGTERM and SIGKILL for a command that is cancelled. Default: 3s.");

    private static readonly Option<TimeSpan?> _connectTimeout = CommonOptions.ConnectTimeout("wait for ever");
    private static readonly Option<string[]> _types = Options.Texts("--type",
        "Only jobs of this type; repeatable. Others wait for a worker that knows them. Default: all.", "TYPE");

    private static readonly Option<string?> _name = Options.Text("--name",
        "Worker name in logs and in the RabbitMQ UI. Default: machine and process id.", "NAME");

    private static readonly Option<string?> _management = CommonOptions.Management();
    private static readonly Option<bool> _json = CommonOptions.Json();
    private static readonly Option<bool> _verbose = CommonOptions.Verbose();
    private static readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "The command and its arguments, after --.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create()
    {
        var verb = new Command("worker", "Runs a command for each job of one or more queues.")
        {
            _broker, _queues, _concurrency, _timeout, _maxAttempts, _retryDelay, _retryMaxDelay, _drainTimeout, _grace,
            _connectTimeout, _types, _name, _management, _json, _verbose, _command,
        };
        verb.SetAction(RunAsync);
        return verb.WithMore("""
            The command gets the job's payload on its standard input, and in its environment
              JOB_ID, JOB_TYPE, JOB_QUEUE, JOB_ATTEMPT.
            Its exit code decides:
              0            the job is finished and acked
              65           the data are wrong: the job goes to the dead letters at once
              75, others   the job runs again later (--max-attempts, --retry-delay)
            Its output passes through, line by line. The last lines of its standard error are kept with a job that
            failed. It never outlives the worker, not even one that was killed.
            SIGTERM or Ctrl-C: running jobs may finish (--drain-timeout), each job's fate is told; again: at once.

            Examples:
              jobs worker --broker amqp://localhost --queue hello -- cat
              jobs worker --queue images --concurrency 4 --timeout 10m -- ./resize.sh --size 320
            """);
    }

    private static Task<int> RunAsync(ParseResult parsed)
    {
        var first = parsed.GetValue(_retryDelay) ?? TimeSpan.FromSeconds(5);
        var most = parsed.GetValue(_retryMaxDelay) ?? TimeSpan.FromHours(1);
        if (parsed.GetValue(_timeout) == TimeSpan.Zero)
        {
            throw new UsageException("--timeout: 0 lets no job run; 'none' means no limit.");
        }

        var queues = (parsed.GetValue(_queues) ?? []).Select(CommonOptions.QueueName).Distinct().ToList();
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        var settings = new WorkerSettings
        {
            Queues = queues.Count > 0 ? queues : throw new UsageException("--queue NAME is missing."),
            Command = parsed.GetValue(_command)!,
            Name = parsed.GetValue(_name) is { } name && string.IsNullOrWhiteSpace(name)
                ? throw new UsageException("--name is empty.") : parsed.GetValue(_name),
            Types = [.. (parsed.GetValue(_types) ?? []).Distinct()],
            Concurrency = parsed.GetValue(_concurrency) ?? Environment.ProcessorCount,
            Timeout = parsed.GetValue(_timeout) ?? JobBuilder.DefaultTimeout,
            Retry = Retry.Exponential(
                parsed.GetValue(_maxAttempts) ?? 8, first, most < first ? first : most),
            DrainTimeout = parsed.GetValue(_drainTimeout) ?? TimeSpan.FromSeconds(25),
            Grace = parsed.GetValue(_grace) ?? TimeSpan.FromSeconds(3),
            ConnectTimeout = parsed.GetValue(_connectTimeout),
            Management = broker is BrokerAddress.Rabbit rabbit
                ? CommonOptions.ManagementOf(parsed, _management, rabbit) : null,
            Json = parsed.GetValue(_json),
            Verbose = parsed.GetValue(_verbose),
        };
        return new WorkerRun(settings, broker, Screen.Detect(JobsProgram.Name), TimeProvider.System).RunAsync();
    }
}
