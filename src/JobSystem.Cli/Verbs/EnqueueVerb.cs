using System.CommandLine;
using System.Text;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Enqueueing;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs enqueue</c>: sends jobs and prints the ids of those that the broker has confirmed.</summary>
internal static class EnqueueVerb
{
    public const string Name = "enqueue";

    /// <summary>More is larger than any broker takes.</summary>
    private const long LargestBody = 512L * 1024 * 1024;

    private static readonly TimeSpan _defaultDeadline = new JobSystemOptions().PublishDeadline;

    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<string?> _queue = CommonOptions.Queue();
    private static readonly Option<string?> _id = Options.Text("--id",
        "The job's id; the same id again is the same job. Default: a new UUID.", "ID");

    private static readonly Option<string?> _type = Options.Text("--type", "The job's type. Default: none.", "TYPE");
    private static readonly Option<TimeSpan?> _delay = Options.Duration("--delay",
        "Do not run it before T from now. Default: at once.", DurationText.Longest);

    private static readonly Option<int?> _priority = Options.Number("--priority",
        "0 (lowest) to 255, for brokers that know priorities.", 0, 255);

    private static readonly Option<TimeSpan?> _timeout = Options.Duration("--timeout",
        "How long one run may take. Default: the worker's.");

    private static readonly Option<string[]> _headers = Options.Texts("--header",
        "Kept with the job; repeatable.", "NAME=VALUE");

    private static readonly Option<string?> _contentType = Options.Text("--content-type", "Of the body.", "TYPE");
    private static readonly Option<TimeSpan?> _deadline = Options.Duration("--deadline",
        "How long to wait for the confirm of each job; after it the job is unknown. Default: 30s.");

    private static readonly Option<TimeSpan?> _connectTimeout = CommonOptions.ConnectTimeout("the deadline");
    private static readonly Option<string?> _file = Options.Text("--file", "Its content is the body of one job.", "F");
    private static readonly Option<bool> _lines = Options.Flag("--lines", "Each line of standard input is a job.");
    private static readonly Option<bool> _json = CommonOptions.Json();
    private static readonly Option<bool> _verbose = CommonOptions.Verbose();
    private static readonly Argument<string[]> _bodies = new("BODY")
    {
        Description = "Each is a job. None: standard input is the body of one.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var verb = new Command(Name, "Sends jobs and prints the ids of those that the broker has confirmed.")
        {
            _broker, _queue, _id, _type, _delay, _priority, _timeout, _headers, _contentType, _deadline,
            _connectTimeout, _file, _lines, _json, _verbose, _bodies,
        };
        verb.SetAction(RunAsync);
        return verb.WithMore("""
            An id on standard output means: the broker has the job; it will be finished or dead-lettered.
            What was rejected or is unknown is told on standard error. A job whose fate is unknown may or may not
            run: send it again with the same --id, workers take the second for the first.
            When the broker takes no jobs for now (an alarm), this waits until the deadline.

            Examples:
              jobs enqueue --broker amqp://localhost --queue hello 'Hello World!'
              jobs enqueue --queue images --type resize --delay 10m --header user=42 --file cat.json
              jobs enqueue --queue urls --lines < urls.txt
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var queue = CommonOptions.QueueOf(parsed, _queue);
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        var deadline = parsed.GetValue(_deadline) ?? _defaultDeadline;
        if (deadline == TimeSpan.Zero || parsed.GetValue(_timeout) == TimeSpan.Zero)
        {
            throw new UsageException("--deadline and --timeout must be more than 0.");
        }

        var job = new EnqueueOptions
        {
            Queue = queue,
            Id = Id(parsed),
            Type = Short(parsed, _type),
            ContentType = Short(parsed, _contentType),
            Delay = parsed.GetValue(_delay),
            Priority = (byte?)parsed.GetValue(_priority),
            Timeout = parsed.GetValue(_timeout),
            Headers = HeaderText.Parse(parsed.GetValue(_headers) ?? []),
            Deadline = deadline,
        };
        var settings = new EnqueueSettings
        {
            Job = job,
            Source = await SourceAsync(parsed, job.Id is not null),
            ConnectTimeout = parsed.GetValue(_connectTimeout) ?? deadline,
            Json = parsed.GetValue(_json),
            Verbose = parsed.GetValue(_verbose),
        };
        return await new EnqueueRun(
            settings, broker, Screen.Detect(JobsProgram.Name), TimeProvider.System, new Random()).RunAsync();
    }

    private static JobId? Id(ParseResult parsed) => parsed.GetValue(_id) switch
    {
        null => null,
        var text when JobId.TryParse(text, out var id) => id,
        _ => throw new UsageException($"--id: an id has 1 to {JobId.MaxBytes} bytes and no control characters."),
    };

    /// <summary>Type and content type travel as AMQP short strings.</summary>
    private static string? Short(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text && (Encoding.UTF8.GetByteCount(text) > 255 || text.Length == 0)
            ? throw new UsageException($"{option.Name} must be 1 to 255 bytes.")
            : parsed.GetValue(option);

    private static async Task<Bodies> SourceAsync(ParseResult parsed, bool hasId)
    {
        var (given, file, lines) = (parsed.GetValue(_bodies) ?? [], parsed.GetValue(_file), parsed.GetValue(_lines));
        if ((given.Length > 0 ? 1 : 0) + (file is null ? 0 : 1) + (lines ? 1 : 0) > 1)
        {
            throw new UsageException("Give BODY, --file or --lines, only one of them.");
        }

        if (hasId && (lines || given.Length > 1))
        {
            throw new UsageException("--id names one job: give one BODY, --file, or one body on standard input.");
        }

        if (lines)
        {
            return new Bodies.LinesOf(StandardInput());
        }

        if (given.Length > 0)
        {
            return new Bodies.Given([.. given.Select(body => (ReadOnlyMemory<byte>)RawArguments.ToBytes(body))]);
        }

        return new Bodies.Given([file is null ? await StandardInputAsync() : await FileAsync(file)]);
    }

    private static async Task<ReadOnlyMemory<byte>> StandardInputAsync()
    {
        var input = StandardInput();
        if (!Console.IsInputRedirected)
        {
            throw new UsageException("Nothing to enqueue: give BODY, --file or --lines, or pipe a body in.");
        }

        try
        {
            return await ReadAsync(input, "Standard input");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Standard input cannot be read: {error.Message}");
        }
    }

    private static Stream StandardInput() => StandardDescriptors.IsInputOpen
        ? Console.OpenStandardInput()
        : throw new UsageException("Standard input is closed: give BODY or --file.");

    private static async Task<ReadOnlyMemory<byte>> FileAsync(string file)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            return await ReadAsync(stream, $"'{file}'");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--file: {error.Message}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream input, string name)
    {
        var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await input.ReadAsync(buffer) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestBody)
            {
                throw new UsageException($"{name} is larger than {LargestBody >> 20} MiB, the most a broker takes.");
            }
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
