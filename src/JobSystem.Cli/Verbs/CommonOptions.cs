using System.CommandLine;
using JobSystem.RabbitMq.Management;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;

namespace JobSystem.Cli.Verbs;

/// <summary>The options that mean the same wherever they appear.</summary>
internal static class CommonOptions
{
    public static Option<string?> Broker() => Options.Text("--broker",
        $"amqp://user:password@host:5672/vhost, amqps://...?ca=FILE&cert=FILE&key=FILE, sqlite:FILE or memory:. " +
        $"Default: ${BrokerAddress.Variable}, or {BrokerAddress.Default}.", "URI");

    public static Option<string?> Management() => Options.Text("--management",
        "RabbitMQ's management API, for policies and full queues. Default: the broker's host, port 15672.", "URL");

    public static Option<bool> Json() => Options.Flag("--json", "One JSON object per line, for programs.");

    public static Option<bool> Verbose() => Options.Flag("--verbose", "Log details, too.", "-v");

    public static Option<bool> Yes() => Options.Flag("--yes", "Do not ask.", "-y");

    public static Option<string?> Queue() => Options.Text("--queue", "The queue.", "NAME");

    public static Option<TimeSpan?> ConnectTimeout(string otherwise) => Options.Duration("--connect-timeout",
        $"Give up with exit code 3 when the broker cannot be reached for T. Default: {otherwise}.");

    /// <exception cref="UsageException">There is no broker, or it is malformed.</exception>
    public static BrokerAddress BrokerOf(ParseResult parsed, Option<string?> option) => BrokerAddress.Choose(
        parsed.GetValue(option), Environment.GetEnvironmentVariable(BrokerAddress.Variable));

    /// <summary>The management API that was named, or the broker's own.</summary>
    /// <exception cref="UsageException">It is no address.</exception>
    public static Uri ManagementOf(ParseResult parsed, Option<string?> option, BrokerAddress.Rabbit broker) =>
        parsed.GetValue(option) switch
        {
            null => ManagementApi.DefaultOf(broker.Options),
            var text when Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 => uri,
            _ => throw new UsageException(
                "--management: expected http://host:15672, without user (the broker's is used)."),
        };

    /// <summary>Looks at queues through the management API, where the broker has one.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public static async Task<QueueSurvey> LookAsync(
        ParseResult parsed, Option<string?> option, BrokerAddress broker, IReadOnlyList<string> queues)
    {
        if (broker is not BrokerAddress.Rabbit rabbit)
        {
            return QueueSurvey.None;
        }

        using var watch = new ManagementWatch(
            new ManagementApi(rabbit.Options, ManagementOf(parsed, option, rabbit)));
        return await watch.LookAsync(queues);
    }

    /// <exception cref="UsageException">It was not given, or is not the name of a queue.</exception>
    public static string QueueOf(ParseResult parsed, Option<string?> option) =>
        QueueName(parsed.GetValue(option) ?? throw new UsageException("--queue NAME is missing."));

    /// <exception cref="UsageException">It is not the name of a queue.</exception>
    public static string QueueName(string name) =>
        name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > LongestName || name.Any(char.IsControl)
            ? throw new UsageException($"The name of a queue has 1 to {LongestName} bytes and no control characters.")
            : name;

    // An AMQP name holds 255 bytes; the lanes' names are longer by a suffix.
    private const int LongestName = 255 - 9;
}
